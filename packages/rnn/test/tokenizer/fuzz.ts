// Compares our tokenizer with Hugging Face's Rust library on random texts.
//
//   node --import tsx --conditions=@d2lts/source packages/rnn/test/tokenizer/fuzz.ts [--texts 100000] [--seed 1] [--kind NAME]
import { parseArgs } from 'node:util';
import { Rng } from '@d2lts/core';
import { Comparison, type Difference, kinds } from './compare.ts';
import { randomText } from './randomText.ts';

const { values } = parseArgs({
  options: {
    texts: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    kind: { type: 'string' },
  },
});
const rng = new Rng(Number(values.seed));
const comparisons = Object.entries(kinds)
  .filter(([name]) => values.kind === undefined || name === values.kind)
  .map(([name, json]) => new Comparison(name, json));

const counts = new Map<string, number>();
const shown: Difference[] = [];
const texts = Number(values.texts);
for (let i = 0; i < texts; i++) {
  const text = randomText(rng);
  for (const difference of await comparisons[i % comparisons.length]!.differences(text)) {
    const key = `${difference.kind}: ${difference.what}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (counts.get(key)! <= 3) shown.push(difference);
  }
  if ((i + 1) % 10_000 === 0)
    process.stderr.write(`${i + 1} texts, ${[...counts.values()].reduce((a, b) => a + b, 0)} differences\n`);
}
for (const difference of shown) process.stdout.write(`${JSON.stringify(difference)}\n`);
for (const [key, count] of counts) process.stdout.write(`${count} times ${key}\n`);
process.stdout.write(
  `${texts} texts over ${comparisons.length} kinds, seed ${values.seed}: ${counts.size === 0 ? 'no difference' : 'differences'}\n`,
);
process.exitCode = counts.size === 0 ? 0 : 1;
