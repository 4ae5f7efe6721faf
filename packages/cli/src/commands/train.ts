// `d2l train`: runs a recipe.
import { basename, extname } from 'node:path';
import { ProgressBar, RunFolder, useBackend } from '@d2lts/core';
import { Command } from 'commander';
import { parseRecipe, readRecipe } from '../recipe/readRecipe.ts';
import type { Recipe } from '../recipe/schema.ts';
import { trainBookTranslation } from '../train/book/trainBookTranslation.ts';
import { trainLanguageModel } from '../train/languageModel/trainLanguageModel.ts';
import type { TrainOptions } from '../train/trainOptions.ts';
import { trainTranslation } from '../train/trainTranslation.ts';
import { wholeNumber, positiveNumber } from './arguments.ts';

interface TrainFlags {
  set: string[];
  resume?: string;
  out?: string;
  maxSteps?: number;
  maxTime?: number;
  overfitBatches?: number;
  quiet?: boolean;
}

/** The `train` verb. */
export function trainCommand(): Command {
  return new Command('train')
    .description('Train a model as a recipe says, score it, and write its model folder.')
    .argument(
      '[recipe]',
      'a recipe, for instance recipes/en-fr-transformer.yaml; with --resume the run has its own',
    )
    .option('--set <key=value>', 'change a key of the recipe; may be repeated', collect, [])
    .option('--out <dir>', "run folder, new or empty (default: runs/ and the recipe's name)")
    .option('--resume <dir>', 'go on with the run in this folder, bit for bit')
    .option('--max-steps <n>', 'end after this many steps', wholeNumber)
    .option('--max-time <seconds>', 'end after this time', positiveNumber)
    .option('--overfit-batches <n>', 'train on the first few batches only, again and again', wholeNumber)
    .option('--quiet', 'no progress bar')
    .action(train);
}

async function train(path: string | undefined, flags: TrainFlags, command: Command): Promise<void> {
  const changes = [...flags.set];
  if (flags.maxSteps !== undefined) changes.push(`training.maxSteps=${flags.maxSteps}`);
  if (flags.maxTime !== undefined) changes.push(`training.maxTime=${flags.maxTime}`);
  if (flags.resume !== undefined && flags.out !== undefined) {
    command.error('--resume and --out contradict each other; a resumed run stays in its folder');
  }
  if (path === undefined && flags.resume === undefined)
    command.error('name a recipe, or a run with --resume');
  const recipePath = path ?? `${flags.resume}/recipe.yaml`;
  if (flags.resume !== undefined) await RunFolder.open(flags.resume);
  const { text, recipe } = await readRecipe(recipePath, changes);
  const name = basename(recipePath, extname(recipePath));
  const backend = await useBackend();
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  say(`backend: ${backend.reason}`);
  const model = await trainRecipe({
    recipe,
    recipeText: parseRecipe(text).text,
    out: flags.resume ?? flags.out ?? `runs/${name}`,
    resume: flags.resume !== undefined,
    ...(flags.overfitBatches === undefined ? {} : { overfitBatches: flags.overfitBatches }),
    backend: { name: backend.name, threads: backend.threads },
    say,
    callbacks: flags.quiet ? [] : [new ProgressBar()],
  });
  process.stdout.write(`${model}\n`);
}

/** Trains what the recipe's task asks for; returns the model folder's path. */
function trainRecipe({ recipe, ...options }: TrainOptions<Recipe>): Promise<string> {
  if (recipe.task === 'translation') return trainTranslation({ ...options, recipe });
  if (recipe.task === 'language-model') return trainLanguageModel({ ...options, recipe });
  return trainBookTranslation({ ...options, recipe });
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
