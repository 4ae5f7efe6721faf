// The model card of a language model: what it is, how it was made, how good it is, what it writes, under which terms.
import type { TextGeneratorConfig, TextScore } from '@d2lts/rnn';
import type { LanguageModelRecipe } from '../../recipe/languageModel.ts';
import type { RunMetrics } from '../runMetrics.ts';

/** What metrics.json holds. */
export interface LanguageModelMetrics extends RunMetrics {
  data: { set: string; licence: string; trainingTokens: number; heldOutTokens: number };
  scores: {
    /** On the held-out text; null when nothing was held out. */
    heldOut: TextScore | null;
    /** Over the last pass of training, with dropout. */
    trainingPerplexity: number;
    /** Interpolated Kneser-Ney on the same text and tokens. */
    ngram: ({ order: number } & TextScore) | null;
  };
  training: RunMetrics['training'] & { tokensPerSecond: number };
}

/** What the card tells. */
export interface LanguageModelCardContent {
  name: string;
  config: TextGeneratorConfig;
  recipe: LanguageModelRecipe;
  metrics: LanguageModelMetrics;
  sample: { seed: number; maxTokens: number; text: string };
}

/** The card as Markdown. */
export function languageModelCard({
  name,
  config,
  recipe,
  metrics,
  sample,
}: LanguageModelCardContent): string {
  const { data, scores, training } = metrics;
  const rows = [
    scoreRow(`this model (${architectureTitle(recipe.model)})`, scores.heldOut),
    ...(scores.ngram === null ? [] : [scoreRow(`Kneser-Ney ${scores.ngram.order}-gram`, scores.ngram)]),
  ];
  return `# ${name}

A language model that writes ${unit(recipe)} by ${unit(recipe)}: ${layers(recipe)}, a vocabulary
of ${config.model.vocabSize}, ${metrics.parameters.toLocaleString('en')} parameters, stored as ${metrics.dtype}, trained by d2l.ts' own engine.

## Scores

On the last ${(recipe.data.heldOut * 100).toFixed(0)}% of the text (${data.heldOutTokens.toLocaleString('en')} tokens), which no training saw, ${reading(recipe)}; the n-gram
model counted the same training tokens.

| model | nats a token | perplexity | bits a character |
| --- | ---: | ---: | ---: |
${rows.join('\n')}

Perplexity in the last pass of training: ${scores.trainingPerplexity.toFixed(3)}.

## A sample

Prompt ${JSON.stringify(config.generation.prompt)}, temperature ${config.generation.temperature}, top-p ${config.generation.topP}, seed ${sample.seed}:

\`\`\`text
${sample.text.trim()}
\`\`\`

\`npx d2l generate --model PATH_OF_THIS_FOLDER --seed ${sample.seed} --max-tokens ${sample.maxTokens}\` writes it again.

## Training

Text: ${data.set}, ${data.trainingTokens.toLocaleString('en')} tokens. ${training.steps} steps (${training.epochs} whole passes) in ${(training.seconds / 60).toFixed(1)} minutes, ${training.tokensPerSecond.toLocaleString('en')} tokens a
second, on the \`${training.backend.name}\` backend with ${training.backend.threads} threads, seed ${training.seed}; weights: ${training.weights}; ${metrics.date}.

\`\`\`json
${JSON.stringify({ data: recipe.data, tokenizer: recipe.tokenizer, model: recipe.model, training: recipe.training }, null, 2)}
\`\`\`

## Terms

Licence of the training data: ${data.licence}.

The model imitates the style of its one text and knows nothing else; what it writes is no fact.
`;
}

/** What kind of model, in a word. */
export function architectureTitle(model: LanguageModelRecipe['model']): string {
  return model.architecture === 'transformer' ? 'Transformer' : model.cell.toUpperCase();
}

function layers({ model, training }: LanguageModelRecipe): string {
  const count = 'numLayers' in model ? model.numLayers : 1;
  const blocks = `${count} ${architectureTitle(model)} layer${count > 1 ? 's' : ''} of `;
  return model.architecture === 'transformer'
    ? `${blocks}width ${model.dim} that see ${training.numSteps} tokens at once`
    : `${blocks}${model.hiddenSize} units`;
}

function reading({ model, training }: LanguageModelRecipe): string {
  return model.architecture === 'transformer'
    ? `each predicted from at least the ${Math.floor(training.numSteps / 2)} tokens before it`
    : 'read in one piece with the state carried on';
}

function unit({ tokenizer }: LanguageModelRecipe): string {
  return { char: 'character', word: 'word', bpe: 'subword' }[tokenizer.kind];
}

function scoreRow(label: string, score: TextScore | null): string {
  if (score === null) return `| ${label} | – | – | – |`;
  const { nats, perplexity, bitsPerCharacter } = score;
  return `| ${label} | ${nats.toFixed(4)} | ${perplexity.toFixed(3)} | ${bitsPerCharacter?.toFixed(4) ?? '–'} |`;
}
