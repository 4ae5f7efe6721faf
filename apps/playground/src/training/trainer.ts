// The training process: trains the run whose folder is its argument and tells every step. (Entry of dist/trainer.js.)
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fitLanguageModel, fitTranslation, parseRecipe, trainingBleu } from '@d2lts/cli';
import { type Callback, D2LError, readEmojiPairs, useBackend } from '@d2lts/core';
import type { TrainRun } from '../api/train.ts';
import type { TrainCommand, TrainerMessage } from './protocol.ts';
import { recipeText } from './recipe.ts';
import { RunStore, pointOf, runFiles } from './runStore.ts';

/** Milliseconds between messages of progress. */
const interval = 200;

let command: TrainCommand | undefined;
const obey = (wanted: TrainCommand) => (command ??= wanted);
process.on('message', obey);
// Without its server, or told to end by a terminal, a run pauses: it can go on later.
for (const signal of ['disconnect', 'SIGINT', 'SIGTERM'] as const) process.on(signal, () => obey('pause'));

const say = (message: TrainerMessage) =>
  new Promise<void>((resolve) => (process.connected ? process.send!(message, () => resolve()) : resolve()));

/** Tells the server what happens, and ends training when it says so. */
function reporter(folder: string, signature: string | undefined): Callback {
  const store = new RunStore(dirname(folder));
  let told = 0;
  let since = { weight: 0, seconds: 0 };
  return {
    name: 'reporter',
    onStart: ({ model }) =>
      void say({
        type: 'start',
        parameters: model.parameterCount(),
        ...(signature === undefined ? {} : { signature }),
      }),
    async onStep({ step, weight, seconds }, trainer) {
      since = { weight: since.weight + weight, seconds: since.seconds + seconds };
      if (performance.now() - told > interval) {
        told = performance.now();
        const tokensPerSecond = since.weight / since.seconds;
        void say({ type: 'progress', step, elapsed: trainer.elapsed, tokensPerSecond });
        since = { weight: 0, seconds: 0 };
      }
      await new Promise(setImmediate); // lets commands arrive
      if (command) trainer.stop(command);
    },
    onLog: ({ kind, step, elapsed, metrics }) =>
      void say({ type: kind === 'train' ? kind : 'heldOut', point: pointOf({ ...metrics, step }), elapsed }),
    async onSave() {
      await store.dropOptimizers(basename(folder));
      await say({ type: 'checkpoints', steps: await store.checkpoints(basename(folder)) });
    },
  };
}

async function train(folder: string): Promise<void> {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL); // answers come first
  const run = JSON.parse(await readFile(join(folder, runFiles.about), 'utf8')) as TrainRun;
  const data = join(folder, runFiles.data);
  if (run.data === 'emoji' && run.task === 'generate' && !existsSync(data)) await writeEmojiNames(data);
  const backend = await useBackend();
  const { recipe, text } = parseRecipe(recipeText(run, data));
  const out = join(folder, runFiles.run);
  const options = {
    recipeText: text,
    out,
    resume: existsSync(join(out, 'log.jsonl')),
    backend: { name: backend.name, threads: backend.threads },
    say: () => {},
    callbacks: [
      reporter(folder, recipe.task === 'translation' ? signatureFor(recipe.data.target) : undefined),
    ],
  };
  const { result } =
    recipe.task === 'translation'
      ? await fitTranslation({ ...options, recipe })
      : recipe.task === 'language-model'
        ? await fitLanguageModel({ ...options, recipe })
        : unknownTask(recipe.task);
  const { reason } = result;
  const status = reason === 'pause' ? 'paused' : reason === 'stop' ? 'stopped' : 'done';
  await say({ type: 'progress', step: result.step, elapsed: result.elapsed, tokensPerSecond: 0 });
  await say({ type: 'status', status });
}

/** The signature of the BLEU scores of a target language. */
function signatureFor(target: string): string {
  const bleu = trainingBleu(target);
  bleu.corpusScore(['a'], [['a']]);
  return bleu.getSignature().format();
}

/** The embedded text: the English names of emoji, one a line. */
async function writeEmojiNames(path: string): Promise<void> {
  const pairs = await readEmojiPairs('en', 'fr');
  await writeFile(path, pairs.map(({ source }) => `${source}\n`).join(''));
}

/** What the visitor is told: our own words without the folder; those of other errors are for the server's output. */
function describe(error: unknown, folder: string): { code: string; message: string } {
  if (error instanceof D2LError)
    return { code: error.code, message: error.message.replaceAll(folder, 'the run’s folder') };
  console.error('Training failed:', error);
  return {
    code: 'training_failed',
    message: 'Training failed, the server’s output says why; start a new run with other data or settings',
  };
}

function unknownTask(task: string): never {
  throw new Error(`trainer: there is no task ${task}`);
}

try {
  await train(process.argv[2]!);
} catch (error) {
  await say({ type: 'status', status: 'failed', error: describe(error, process.argv[2]!) });
}
process.exit(0);
