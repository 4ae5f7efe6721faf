// Repeats the book's translation run with several seeds and scores its four sentences as the book does.
import { join } from 'node:path';
import { buildTranslationModel } from '@d2lts/attention';
import {
  type Callback,
  type StepReport,
  Adam,
  ConfigError,
  DataLoader,
  Rng,
  Trainer,
  fromArray,
  initialize,
  normal,
  writeJson,
  xavierUniform,
} from '@d2lts/core';
import {
  type TranslationModel,
  TeacherForcing,
  bookBleu,
  greedySearch,
  maskedSoftmaxCELoss,
} from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import type { BookTranslationRecipe } from '../../recipe/bookTranslation.ts';
import { type TrainOptions, openRun } from '../trainOptions.ts';
import { type BookPairs, type BookRow, loadBookPairs } from './bookPairs.ts';

/** The sentences that the book translates at the end, with their references. */
const sentences = [
  ['go .', 'va !'],
  ['i lost .', "j'ai perdu ."],
  ["he's calm .", 'il est calme .'],
  ["i'm home .", 'je suis chez moi .'],
] as const;

/** One seed's outcome. */
export interface BookTranslationRun {
  seed: number;
  /** The book's loss of the last epoch. */
  loss: number;
  seconds: number;
  translations: { source: string; translation: string; bleu: number }[];
}

/** What metrics.json of the run folder holds. */
export interface BookTranslationMetrics {
  task: 'book-translation';
  name: string;
  runs: BookTranslationRun[];
  meanBleu: number;
  seconds: number;
  backend: { name: string; threads: number };
  date: string;
}

/** Trains every seed, writes metrics.json into the run folder. Returns its path. `pairs` replaces the recipe's data. */
export async function trainBookTranslation(
  options: TrainOptions<BookTranslationRecipe> & { pairs?: BookPairs },
): Promise<string> {
  const { recipe, out, say, backend } = options;
  if (options.resume) {
    throw new ConfigError({
      operation: 'd2l train',
      fact: 'a book-translation run writes no checkpoints to go on from',
      value: out,
      advice: 'start it again in another folder',
      argument: 'resume',
    });
  }
  const runFolder = await openRun(options);
  const pairs = options.pairs ?? (await loadBookPairs(recipe.data));
  say(
    `data: ${recipe.data.set}, ${pairs.rows.length} pairs, vocabularies ${pairs.source.size} and ${pairs.target.size}`,
  );
  const runs: BookTranslationRun[] = [];
  for (const seed of recipe.training.seeds) {
    const run = await trainSeed(seed, pairs, recipe);
    runs.push(run);
    runFolder.log({ ...run });
    const scores = run.translations.map(({ translation, bleu }) => `${translation} ${bleu.toFixed(3)}`);
    say(`seed ${seed}: loss ${run.loss.toFixed(3)}, ${run.seconds.toFixed(0)} s, ${scores.join(', ')}`);
  }
  const bleus = runs.flatMap(({ translations }) => translations.map(({ bleu }) => bleu));
  const metrics: BookTranslationMetrics = {
    task: 'book-translation',
    name: recipe.output.name,
    runs,
    meanBleu: mean(bleus),
    seconds: Math.round(runs.reduce((sum, { seconds }) => sum + seconds, 0)),
    backend,
    date: new Date().toISOString().slice(0, 10),
  };
  await writeJson(join(out, 'metrics.json'), metrics);
  say(`mean BLEU ${metrics.meanBleu.toFixed(3)} over ${runs.length} seeds`);
  return out;
}

async function trainSeed(
  seed: number,
  pairs: BookPairs,
  { model: { architecture, ...sizes }, data, training }: BookTranslationRecipe,
): Promise<BookTranslationRun> {
  const rng = new Rng(seed);
  const { source, target } = pairs;
  const vocabSizes = { vocabSize: source.size, targetVocabSize: target.size, padId: source.index('<pad>') };
  const model = buildTranslationModel(architecture, { ...sizes, ...vocabSizes }, { rng: rng.split() });
  const initial = rng.split();
  // The book draws all weight matrices of linear maps and GRUs by Xavier's rule; embeddings stay as they are.
  const { embeddingDeviation } = training;
  for (const [name, parameter] of model.namedParameters()) {
    if (parameter.rank !== 2) continue;
    // Queries, keys and values are one matrix, drawn as torch.nn.MultiheadAttention draws it; the book's three square
    // ones are √2 times as wide, and two seeds of five then end the unseen sentence otherwise.
    if (!name.includes('embedding')) initialize(parameter, xavierUniform(), initial);
    else if (embeddingDeviation !== undefined) initialize(parameter, normal(0, embeddingDeviation), initial);
  }
  const optimizer = new Adam(model.parameters(), { lr: training.lr });
  const loader = new DataLoader(fromArray(pairs.rows), {
    batchSize: training.batchSize,
    rng: rng.split(),
    collate: (rows: BookRow[]) => rows,
  });
  const { teacherForcing } = training;
  const forcing = new TeacherForcing(model, { teacherForcing, rng: rng.split() });
  const epochLoss = new EpochLoss();
  const trainer = new Trainer({
    model,
    optimizer,
    loader,
    loss: (rows) => bookLoss(forcing, rows, target.index('<bos>')),
    weight: (rows) => rows.reduce((tokens, { targetLen }) => tokens + targetLen, 0),
    clipNorm: training.clipNorm,
    epochs: training.epochs,
    callbacks: [epochLoss],
  });
  const { elapsed } = await trainer.fit();
  const translations = await translateSentences(model, pairs, data.numSteps);
  model.dispose();
  return { seed, loss: epochLoss.value, seconds: elapsed, translations };
}

/** The book's loss: each row's mean over all steps with padding at 0, summed over the rows. */
function bookLoss(forcing: TeacherForcing, rows: readonly BookRow[], bos: number): tf.Scalar {
  const steps = rows[0]!.target.length;
  const ids = (side: (row: BookRow) => ArrayLike<number>) =>
    tf.tensor2d(
      rows.map((row) => Array.from(side(row))),
      [rows.length, steps],
      'int32',
    );
  const lengths = (side: (row: BookRow) => number) => tf.tensor1d(rows.map(side), 'int32');
  const labels = ids(({ target }) => target);
  const logits = forcing.logits({
    source: ids(({ source }) => source),
    sourceLens: lengths(({ sourceLen }) => sourceLen),
    input: ids(({ target }) => [bos, ...target.subarray(0, steps - 1)]),
  });
  return tf.sum(
    maskedSoftmaxCELoss(
      logits,
      labels,
      lengths(({ targetLen }) => targetLen),
    ),
  );
}

/** The book's printed loss of a pass: its summed losses over the target tokens. */
class EpochLoss implements Callback {
  readonly name = 'epochLoss';
  private epoch = 0;
  private sum = 0;
  private tokens = 0;

  onStep({ epoch, loss, weight }: StepReport): void {
    if (epoch !== this.epoch) [this.epoch, this.sum, this.tokens] = [epoch, 0, 0];
    this.sum += loss;
    this.tokens += weight;
  }

  get value(): number {
    return this.sum / this.tokens;
  }
}

/** Greedy translations of the four sentences, with the book's BLEU of 2-grams. */
async function translateSentences(model: TranslationModel, { source, target }: BookPairs, numSteps: number) {
  const ids = sentences.map(([text]) => [...source.indices(text.split(' ')), source.index('<eos>')]);
  const results = await greedySearch(model.searchDecoder(), ids, {
    bos: target.index('<bos>'),
    eos: target.index('<eos>'),
    maxLength: numSteps,
  });
  return results.map(({ hypotheses }, i) => {
    const [text, reference] = sentences[i]!;
    const translation = target.tokens(hypotheses[0]!.tokens).join(' ');
    return { source: text, translation, bleu: bookBleu(translation, reference, 2) };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
