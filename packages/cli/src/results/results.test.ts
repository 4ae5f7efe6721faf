// Tables of outcomes: what a row shows, and a folder without a finished run.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { d2l } from '../../test/d2l.ts';

const recipe = `
task: language-model
data: { set: time-machine, cleaning: book, maxTokens: 10000 }
tokenizer: { kind: char }
model: { architecture: scratch, cell: rnn, hiddenSize: 512 }
training: { seed: 7, batchSize: 32, numSteps: 35, optimizer: sgd, lr: 1, clipNorm: 1, epochs: 500 }
output: { name: book-rnn, book: 1 }`;

const book = `
task: book-translation
model: { architecture: seq2seq, embedSize: 8, hiddenSize: 8, numLayers: 1 }
training: { seeds: [1], batchSize: 4, lr: 0.1, clipNorm: 1, epochs: 1 }
output: { name: book-seq2seq }`;

let folder: string;

async function writeRun(name: string, text: string, metrics: object): Promise<string> {
  const run = await mkdtemp(join(folder, `${name}-`));
  await writeFile(join(run, 'recipe.yaml'), text);
  await writeFile(join(run, 'metrics.json'), JSON.stringify(metrics));
  return run;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'd2l-results-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('d2l results', () => {
  it('shows scores with seed, steps, wall time and backend, and writes them between markers', async () => {
    const score = { tokens: 100, nats: 2, bits: 2.885, perplexity: 7.389, bitsPerCharacter: 2.9 };
    const lm = await writeRun('lm', recipe, {
      scores: { heldOut: score, trainingPerplexity: 1.034, ngram: { order: 5, ...score, perplexity: 7.1 } },
      training: { seed: 7, steps: 4000, seconds: 61, backend: { name: 'native', threads: 1 } },
    });
    const translations = [{ source: 'go .', translation: 'va !', bleu: 1 }];
    const seq2seq = await writeRun('seq2seq', book, {
      name: 'book-seq2seq',
      runs: [{ seed: 1, loss: 0.02, seconds: 9, translations }],
      meanBleu: 0.882,
    });
    const page = join(folder, 'README.md');
    await writeFile(page, 'before\n<!-- results -->\nold\n<!-- /results -->\nafter\n');
    const { code, out } = await d2l('results', lm, seq2seq, '--write', page);
    expect(code).toBe(0);
    expect(out).toContain(
      '| book-rnn | time-machine, char | 1.03 | 1 | 7.39 | 2.0000 | 2.9000 | 7.10 (5-gram) | 7 | 4000 | 1:01 | native, 1 |',
    );
    expect(out).toContain('| book-seq2seq | 1 | 0.020 | 0:09 | va ! **1.000** | 1.000 |');
    expect(out).toContain('**0.882**');
    const written = await readFile(page, 'utf8');
    expect(written).toContain(out.trim());
    expect(written).not.toContain('old');
    const again = await writeRun('again', recipe, {
      scores: { heldOut: score, trainingPerplexity: 1.5, ngram: null },
      training: { seed: 8, steps: 9, seconds: 2, backend: { name: 'native', threads: 1 } },
    });
    await writeFile(page, written.replaceAll('| 1.03 |', '| 1.03   |')); // as a formatter aligns it
    expect((await d2l('results', again, '--write', page)).code).toBe(0);
    const merged = await readFile(page, 'utf8');
    expect(merged.match(/^\| book-rnn \|.*$/gm)).toEqual([expect.stringContaining('| 1.50 |')]);
    expect(merged).toContain('| book-seq2seq | 1 | 0.020 | 0:09 | va ! **1.000** | 1.000 |');
    expect(JSON.parse((await d2l('results', lm, '--json')).out)).toMatchObject({
      recipe: { training: { seed: 7 } },
    });
  });

  it('shows how a lower-cased score was taken, and reads runs from before Moses tokens', async () => {
    const bleu = { score: 39.843, signature: 'nrefs:1|case:mixed|tok:13a' };
    const lowercase = { score: 40.192, signature: 'nrefs:1|case:lc|tok:13a' };
    const moses = { score: 40.3, signature: 'nrefs:1|case:lc|tok:none', tokens: 'Moses' };
    const training = { seed: 1, steps: 9, seconds: 61, backend: { name: 'native', threads: 2 } };
    const text = await readFile(new URL('../../../../recipes/tiny-emoji.yaml', import.meta.url), 'utf8');
    const row = async (bleuLowercase?: object) => {
      const scores = { bleu, ...(bleuLowercase && { bleuLowercase }) };
      return (await d2l('results', await writeRun('mt', text, { scores, training }))).out;
    };
    const start = '| 39.84 | – | nrefs:1\\|case:mixed\\|tok:13a |';
    expect(await row(lowercase)).toContain(`${start} 40.19 | nrefs:1\\|case:lc\\|tok:13a | 1 |`);
    expect(await row(moses)).toContain(`${start} 40.30 (Moses tokens) | nrefs:1\\|case:lc\\|tok:none | 1 |`);
    expect(await row()).toContain(`${start} – | – | 1 |`);
  });

  it('says what is wrong in a sentence', async () => {
    const run = await writeRun('none', recipe, {});
    const { code, err } = await d2l('results', join(run, 'missing'));
    expect({ code, err }).toMatchObject({
      code: 2,
      err: expect.stringContaining('metrics of a finished run'),
    });
    await writeFile(join(folder, 'plain.md'), 'no markers');
    const done = await writeRun('done', book, { name: 'x', runs: [], meanBleu: 0 });
    expect((await d2l('results', done, '--write', join(folder, 'plain.md'))).err).toContain(
      '<!-- results -->',
    );
  });
});
