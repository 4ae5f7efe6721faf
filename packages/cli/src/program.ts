// The d2l command: its verbs, and how failures become sentences and exit codes.
import { D2LError } from '@d2lts/core';
import { Command, CommanderError } from 'commander';
import { benchCommand } from './bench/command.ts';
import { dataCommand } from './commands/data.ts';
import { doctorCommand } from './commands/doctor.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { generateCommand } from './commands/generate.ts';
import { perplexityCommand } from './commands/perplexity.ts';
import { resultsCommand } from './commands/results.ts';
import { scoreCommand } from './commands/score.ts';
import { trainCommand } from './commands/train.ts';
import { translateCommand } from './commands/translate.ts';

/** The whole command line. */
export function createProgram(): Command {
  return new Command('d2l')
    .description('Train, evaluate and use sequence models.')
    .showHelpAfterError('(d2l <verb> --help shows what there is)')
    .addCommand(trainCommand())
    .addCommand(translateCommand())
    .addCommand(generateCommand())
    .addCommand(evaluateCommand())
    .addCommand(scoreCommand())
    .addCommand(perplexityCommand())
    .addCommand(doctorCommand())
    .addCommand(resultsCommand())
    .addCommand(dataCommand())
    .addCommand(benchCommand());
}

/** Runs the command line. Gives 0 when all went well, 2 for the user's mistakes, 1 for ours. */
export async function run(args: readonly string[], program = createProgram()): Promise<number> {
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof D2LError) {
      process.stderr.write(`${error.message}\n`);
      return 2;
    }
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 1;
  }
}
