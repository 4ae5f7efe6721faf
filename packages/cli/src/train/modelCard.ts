// The model card: what a model is, how it was made, how good it is, under which terms.
import type { TranslatorConfig } from '@d2lts/attention';
import type { TranslationRecipe } from '../recipe/translation.ts';
import type { CorpusScores } from './evaluateTranslator.ts';
import type { RunMetrics } from './runMetrics.ts';
import { type SignedScore, lowercaseLabel } from './scoreCorpus.ts';

/** What metrics.json holds. */
export interface ModelMetrics extends RunMetrics {
  data: { set: string; licence: string; attribution: string | null; test: number };
  scores: CorpusScores;
  valid: Record<string, number>;
}

/** What the card tells. */
export interface CardContent {
  name: string;
  config: TranslatorConfig;
  recipe: TranslationRecipe;
  metrics: ModelMetrics;
}

/** The card as Markdown. */
export function modelCard({ name, config, recipe, metrics }: CardContent): string {
  const { data, scores, training } = metrics;
  const { source, target } = config.languages;
  const rows = [
    ...scoreRow('BLEU, first reference', scores.bleu),
    ...scoreRow('BLEU, all references', scores.bleuAllReferences),
    ...scoreRow('chrF, first reference', scores.chrf),
    ...scoreRow(`BLEU, first reference, ${lowercaseLabel(scores.bleuLowercase)}`, scores.bleuLowercase),
  ];
  const valid = Object.entries(metrics.valid).map(([key, value]) => `${key} ${value.toFixed(3)}`);
  const { data: dataKeys, tokenizer, model, training: trainingKeys } = recipe;
  return `# ${name}

${what(config)} that translates single sentences from \`${source}\` to \`${target}\`:
${metrics.parameters.toLocaleString('en')} parameters, stored as ${metrics.dtype}, trained by d2l.ts' own engine.

## Scores

On the test split of \`${data.set}\`: ${scores.sentences} sentences${
    data.set.startsWith('multi30k')
      ? " (the set's own split)"
      : ` whose English side is in no training pair (split by
\`splitPosition\` in @d2lts/core)`
  }; beam ${scores.decoding.beamSize}, length normalisation \`${scores.decoding.lengthPenalty}\` with alpha ${scores.decoding.alpha}.

| metric | score | signature |
| --- | --- | --- |
${rows.join('\n')}

Reprint them with \`npx d2l evaluate --model PATH_OF_THIS_FOLDER --data ${data.set}\`.

## Training

${training.steps} steps (${training.epochs} whole passes over the data) in ${(training.seconds / 60).toFixed(1)} minutes on the \`${training.backend.name}\` backend with
${training.backend.threads} threads, seed ${training.seed}; ${training.weights}; ${metrics.date}.
Validation: ${valid.join(', ')}.

\`\`\`json
${JSON.stringify({ data: dataKeys, tokenizer, model, training: trainingKeys }, null, 2)}
\`\`\`

## Terms

Licence of the training data: ${data.licence}.${data.attribution === null ? '' : ` ${data.attribution}.`}

The sentences are short and everyday: expect little of long, technical or literary text. The model repeats what its
data holds, mistakes and stereotypes included.
`;
}

function scoreRow(label: string, value: SignedScore | undefined): string[] {
  return value === undefined
    ? []
    : [`| ${label} | ${value.score.toFixed(2)} | \`${value.signature.replaceAll('|', '\\|')}\` |`];
}

/** The model in words. */
function what({ architecture, model }: TranslatorConfig): string {
  if (architecture === 'transformer') return 'A Transformer';
  if (architecture === 'seq2seq') return 'A GRU encoder-decoder';
  return `${model['cell'] === 'lstm' ? 'An LSTM' : 'A GRU'} encoder-decoder with Bahdanau's attention`;
}
