// The texts of `--help` and of usage errors.

import { FLAG_GROUPS, type Flag } from './flags.ts';

/** Name of the program in messages. */
export const PROGRAM = 'sacrebleu-ts';

/** The line above an argument error. */
export const USAGE = `usage: ${PROGRAM} [options] [refs ...] [-i SYSTEM ...]  (${PROGRAM} --help lists the options)`;

function flagLine({ names, arity, key, help }: Flag): string {
  const value = { none: '', one: ' X', some: ' X [X ...]', any: ' [X ...]' }[arity];
  return `  ${names.join(', ')}${value.replaceAll('X', key.toUpperCase())}\n      ${help}`;
}

/** The whole help text. */
export function helpText(): string {
  const groups = FLAG_GROUPS.map(([title, flags]) => `${title}:\n${flags.map(flagLine).join('\n')}`);
  const examples = [
    `  ${PROGRAM} ref.txt -i system.txt -m bleu chrf ter`,
    `  cat system.txt | ${PROGRAM} ref.txt -f text`,
    `  ${PROGRAM} ref.txt -i baseline.txt system.txt -m bleu chrf --paired-bs -f text`,
  ];
  const intro =
    "BLEU, chrF and TER with sacreBLEU's numbers and signatures.\nGive references (one or more files) before -i.";
  return [USAGE, intro, `Examples:\n${examples.join('\n')}`, ...groups].join('\n\n');
}
