// Language models on the command line: train, resume, generate, score, and what goes wrong.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { d2l } from '../test/d2l.ts';
import { shippedModel } from './defaultModel.ts';

const text = Array.from({ length: 60 }, (_, i) => `Line ${i % 7}: the time machine, étude.\n`).join('');
let folder: string;
const at = (...names: string[]) => join(folder, ...names);

const recipe = (changes: string) => `
task: language-model
data: { file: ${JSON.stringify(at('text.txt'))}, licence: CC0, heldOut: 0.2 }
tokenizer: { kind: char }
model: { architecture: rnn, cell: lstm, hiddenSize: 12, numLayers: 2, embedSize: 6, dropout: 0.1 }
training: { seed: 3, batchSize: 4, numSteps: 10, lr: 0.01, clipNorm: 1, maxSteps: 6, evaluateEvery: 3, saveEvery: 3 }
output: { name: test, dtype: F32, ngramOrder: 3 }
${changes}`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'd2l-lm-'));
  await writeFile(at('text.txt'), text);
  await writeFile(at('recipe.yaml'), recipe(''));
  const { code, out, err } = await d2l('train', at('recipe.yaml'), '--quiet', '--out', at('run'));
  expect({ code, err }).toMatchObject({ code: 0 });
  expect(out.trim()).toBe(at('run', 'model'));
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('d2l train of a language model', () => {
  it('writes a model folder with scores, card and curves', async () => {
    const metrics = JSON.parse(await readFile(at('run', 'model', 'metrics.json'), 'utf8')) as {
      scores: {
        heldOut: { nats: number; tokens: number };
        ngram: { order: number; perplexity: number; tokens: number };
      };
      training: { steps: number };
    };
    expect(metrics.training.steps).toBe(6);
    expect(metrics.scores.heldOut.tokens).toBe(text.length - Math.floor(text.length * 0.8) - 1);
    expect(metrics.scores.ngram).toMatchObject({ order: 3, perplexity: expect.any(Number) });
    expect(metrics.scores.ngram.tokens).toBe(metrics.scores.heldOut.tokens);
    const card = await readFile(at('run', 'model', 'README.md'), 'utf8');
    expect(card).toContain('Kneser-Ney 3-gram');
    expect(card).toContain('CC0');
    expect(await readFile(at('run', 'curves.svg'), 'utf8')).toContain('<svg');
  });

  it.each(['this run', 'shakespeare-lstm', 'time-machine-lstm'])(
    'states a command in the card that gives its sample: %s',
    async (name) => {
      const model = name === 'this run' ? at('run', 'model') : shippedModel(name);
      const card = await readFile(join(model, 'README.md'), 'utf8');
      const [, sample] = /```text\n([^]*?)\n```/.exec(card)!;
      const [, command] = /`npx d2l (.*)` writes it again/.exec(card)!;
      const args = command!.split(' ').map((word) => (word === 'PATH_OF_THIS_FOLDER' ? model : word));
      expect((await d2l(...args)).out.trim()).toBe(sample);
    },
    60_000,
  );

  it('trains on after --resume to the weights of a run in one piece, carried state included', async () => {
    const out = at('parts');
    expect((await d2l('train', at('recipe.yaml'), '--quiet', '--max-steps', '4', '--out', out)).code).toBe(0);
    expect((await d2l('train', '--resume', out, '--quiet', '--max-steps', '6')).code).toBe(0);
    const weights = (run: string) => readFile(at(run, 'model', 'model.safetensors'));
    expect((await weights('parts')).equals(await weights('run'))).toBe(true);
  }, 60_000);

  it.each([
    ['word', ['tokenizer.kind=word', 'model.tiedEmbeddings=true', 'model.embedSize=12']],
    ['bpe', ['tokenizer={kind: bpe, vocabSize: 280}', 'training.sampling=random', 'training.keepBest=true']],
    ['scratch', ['model={architecture: scratch, cell: gru, hiddenSize: 8}', 'training.optimizer=sgd']],
    ['transformer', ['model={architecture: transformer, dim: 8, numHeads: 2, ffnDim: 12, numLayers: 2}']],
    ['book', ['data.cleaning=book', 'model.init=book', 'model.bidirectional=true', 'data.maxTokens=500']],
  ])(
    'trains by %s',
    async (name, changes) => {
      const sets = changes.flatMap((change) => ['--set', change]);
      const { code, err } = await d2l('train', at('recipe.yaml'), '--quiet', ...sets, '--out', at(name));
      expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('bits a character') });
      const { out } = await d2l('generate', '--model', at(name, 'model'), '--max-tokens', '5');
      expect(out.length).toBeGreaterThan(1);
    },
    60_000,
  );

  it('names what is wrong with a recipe', async () => {
    const wrong: [string, RegExp][] = [
      ['training.batchsize=1', /no key "training.batchsize".*did you mean "batchSize"/],
      ['model.cell=lstmm', /model\.cell: .*got "lstmm"/],
      ['data.set=time-machine', /data: give either set or file/],
      ['data.maxTokens=1', /must have at least two tokens to train on, got 1/],
      ['task=language', /task: .*expected "language-model"/],
      ['model.tiedEmbeddings=true', /embedSize of tied embeddings must be/],
    ];
    for (const [change, sentence] of wrong) {
      const { code, err } = await d2l('train', at('recipe.yaml'), '--set', change, '--out', at('never'));
      expect(err).toMatch(sentence);
      expect(code).toBe(2);
    }
  });
});

describe('d2l generate and d2l perplexity', () => {
  const model = () => ['--model', at('run', 'model')];

  it('writes the prompt and a seeded continuation', async () => {
    const options = [
      '--prompt',
      'Line',
      '--seed',
      '5',
      '--max-tokens',
      '30',
      '--top-k',
      '5',
      '--min-p',
      '0.01',
    ];
    const first = await d2l('generate', ...model(), ...options);
    expect(first.code).toBe(0);
    expect(first.out).toMatch(/^Line[^]{30}\n$/);
    expect((await d2l('generate', ...model(), ...options)).out).toBe(first.out);
    const { out } = await d2l('generate', ...model(), ...options, '--json');
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { text: string; id?: number });
    const whole = lines.pop()!;
    expect(`Line${whole.text}\n`).toBe(first.out);
    expect(lines.map((line) => line.text).join('')).toBe(whole.text);
    const penalized = await d2l('generate', ...model(), '--temperature', '0', '--repetition-penalty', '1.5');
    expect(penalized).toMatchObject({ code: 0 });
  });

  it('writes no run of tokens twice when told so', async () => {
    const pairs = async (...options: string[]) => {
      const args = ['--temperature', '0', '--max-tokens', '60', '--json', ...options];
      const { out } = await d2l('generate', ...model(), ...args);
      const { text } = JSON.parse(out.trim().split('\n').at(-1)!) as { text: string };
      return Array.from(text.slice(1), (character, i) => text[i]! + character);
    };
    const free = await pairs();
    expect(new Set(free).size).toBeLessThan(free.length);
    const strict = await pairs('--no-repeat-ngram', '2');
    expect(new Set(strict).size).toBe(strict.length);
  });

  it('scores standard input as the file, and refuses it when it is not UTF-8', async () => {
    const piped = async (bytes: Buffer) => {
      const stdin = vi.spyOn(process, 'stdin', 'get');
      onTestFinished(() => stdin.mockRestore());
      stdin.mockReturnValue(Readable.from([bytes]) as typeof process.stdin);
      return d2l('perplexity', ...model(), '-');
    };
    const { out } = await d2l('perplexity', ...model(), at('text.txt'));
    expect(await piped(Buffer.from(text))).toMatchObject({ code: 0, out });
    const refused = await piped(Buffer.from([0x74, 0x68, 0xe9]));
    expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringContaining('must be UTF-8') });
  });

  it('scores a text file', async () => {
    const { out } = await d2l('perplexity', ...model(), at('text.txt'), '--json', '--rows', '2');
    const score = JSON.parse(out) as { nats: number; perplexity: number; tokens: number; unknown: number };
    expect(score.perplexity).toBeCloseTo(Math.exp(score.nats), 6);
    expect(score).toMatchObject({ tokens: 2 * Math.floor((text.length - 1) / 2), unknown: 0 });
    expect((await d2l('perplexity', ...model(), at('text.txt'))).out).toMatch(
      /^\d+\.\d{4} nats a token, perplexity .*\n.* bits a character\n\d+ tokens predicted\n$/,
    );
  });

  it('says what is wrong in a sentence and exits with 2', async () => {
    const wrong: [args: string[], sentence: RegExp][] = [
      [['generate', '--model', folder], /must hold config\.json/],
      [['generate', ...model(), '--top-p', '2'], /above 0 and at most 1/],
      [['generate', ...model(), '--seed', '-1'], /whole number of at least 0/],
      [['generate', ...model(), '--prompt', ''], /at least one token/],
      [['perplexity', ...model()], /missing required argument 'file'/],
      [['perplexity', ...model(), at('none.txt')], /none\.txt does not exist/],
    ];
    for (const [args, sentence] of wrong) {
      const { code, err } = await d2l(...args);
      expect(err).toMatch(sentence);
      expect(err).not.toMatch(/\n {4}at /);
      expect(code).toBe(2);
    }
  });
});
