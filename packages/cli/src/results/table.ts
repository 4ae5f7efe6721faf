// Outcomes of runs as Markdown tables: one for language models, one for translations.
import { formatDuration } from '@d2lts/core';
import type { LanguageModelRecipe } from '../recipe/languageModel.ts';
import type { BookTranslationMetrics } from '../train/book/trainBookTranslation.ts';
import type { LanguageModelMetrics } from '../train/languageModel/card.ts';
import type { SignedScore } from '../train/scoreCorpus.ts';
import type { RunResult } from './readResult.ts';

/** The tables, with an empty line between them. */
export function resultTables(results: readonly RunResult[]): string {
  const [models, books, translations]: [string[][], string[][], string[][]] = [[], [], []];
  for (const { recipe, metrics } of results) {
    if (recipe.task === 'language-model') models.push(modelRow(recipe, metrics as LanguageModelMetrics));
    else if (recipe.task === 'book-translation') books.push(...bookRows(metrics as BookTranslationMetrics));
    else {
      const { scores, training } = metrics as Extract<
        RunResult,
        { metrics: { scores: { bleu: unknown } } }
      >['metrics'];
      translations.push([
        recipe.output.name,
        ...[scores.bleu, scores.bleuAllReferences].map((signed) => signed?.score.toFixed(2) ?? '–'),
        signatureCell(scores.bleu),
        ...lowercaseCells(scores.bleuLowercase),
        ...provenance(training),
      ]);
    }
  }
  const end = ['seed', 'steps', 'wall time', 'backend, threads'];
  const tables = [
    table(
      [
        'run',
        'data, tokens',
        'train ppl',
        "book's",
        'held-out ppl',
        'nats a token',
        'bits a character',
        'n-gram ppl',
        ...end,
      ],
      models,
    ),
    table(['run', 'seed', 'loss', 'wall time', 'book-BLEU of the four sentences', 'mean'], books),
    table(
      ['run', 'BLEU', 'all references', 'signature', 'lower-cased', 'signature, lower-cased', ...end],
      translations,
    ),
  ];
  return tables.filter((text) => text !== '').join('\n\n');
}

function modelRow(
  { data, tokenizer, output }: LanguageModelRecipe,
  { scores, training }: LanguageModelMetrics,
): string[] {
  const { heldOut, ngram } = scores;
  const number = (value: number | undefined, digits: number) => value?.toFixed(digits) ?? '–';
  return [
    output.name,
    `${data.set ?? data.file}, ${tokenizer.kind}`,
    number(scores.trainingPerplexity, 2),
    output.book === undefined ? '–' : String(output.book),
    number(heldOut?.perplexity, 2),
    number(heldOut?.nats, 4),
    number(heldOut?.bitsPerCharacter, 4),
    ngram === null ? '–' : `${ngram.perplexity.toFixed(2)} (${ngram.order}-gram)`,
    ...provenance(training),
  ];
}

function bookRows({ name, runs, meanBleu }: BookTranslationMetrics): string[][] {
  const rows = runs.map(({ seed, loss, seconds, translations }) => {
    const bleus = translations.map(({ bleu }) => bleu);
    const mean = bleus.reduce((a, b) => a + b, 0) / bleus.length;
    const shown = translations.map(({ translation, bleu }) => `${translation} **${bleu.toFixed(3)}**`);
    return [name, String(seed), loss.toFixed(3), formatDuration(seconds), shown.join(', '), mean.toFixed(3)];
  });
  return [...rows, [name, `all ${runs.length}`, '', '', '', `**${meanBleu.toFixed(3)}**`]];
}

/** Score and signature; runs that are older than this score have none. */
function lowercaseCells(signed: SignedScore | undefined): string[] {
  if (signed === undefined) return ['–', '–'];
  const tokens = signed.tokens === undefined ? '' : ` (${signed.tokens} tokens)`;
  return [signed.score.toFixed(2) + tokens, signatureCell(signed)];
}

function signatureCell({ signature }: SignedScore): string {
  return signature.replaceAll('|', '\\|');
}

function provenance({
  seed,
  steps,
  seconds,
  backend,
}:
  | LanguageModelMetrics['training']
  | Extract<RunResult, { recipe: { task: 'translation' } }>['metrics']['training']) {
  return [String(seed), String(steps), formatDuration(seconds), `${backend.name}, ${backend.threads}`];
}

function table(head: readonly string[], rows: readonly string[][]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
