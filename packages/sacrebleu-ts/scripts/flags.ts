// Prints the README's table of flags from src/cli/flags.ts:  npx tsx scripts/flags.ts
// (test/readme.test.ts checks that the README has it).

import { FLAG_GROUPS, type Flag } from '../src/cli/flags.ts';

function row({ names, arity, help }: Flag): string {
  const value = { none: '', one: ' X', some: ' X ...', any: ' [X ...]' }[arity];
  return `| ${names.map((name) => `\`${name}\``).join(' ')}${value} | ${help} |`;
}

/** The table, one row a flag. */
export function flagTable(): string {
  const groups = FLAG_GROUPS.map(([title, flags]) => `| **${title}** | |\n${flags.map(row).join('\n')}`);
  return `| flag | meaning |\n| --- | --- |\n${groups.join('\n')}`;
}

if (process.argv[1]?.endsWith('flags.ts')) console.log(flagTable());
