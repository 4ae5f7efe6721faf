// The command line from end to end on a tiny model: train, resume, translate, evaluate, and what goes wrong.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Translator } from '@d2lts/attention';
import { useBackend } from '@d2lts/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { d2l } from '../test/d2l.ts';
import { defaultModel } from './index.ts';

const recipe = fileURLToPath(new URL('../../../recipes/tiny-emoji.yaml', import.meta.url));
const tiny = [
  '--quiet',
  '--set',
  'model.dim=16',
  '--set',
  'model.ffnDim=16',
  '--set',
  'training.saveEvery=2',
];
let folder: string;
const model = () => join(folder, 'run', 'model');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'd2l-cli-'));
  const { code, out, err } = await d2l(
    'train',
    recipe,
    ...tiny,
    '--max-steps',
    '4',
    '--out',
    join(folder, 'run'),
  );
  expect({ code, err }).toMatchObject({ code: 0 });
  expect(out.trim()).toBe(model());
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('d2l', () => {
  it('writes a model folder with card and signed scores', async () => {
    const metrics = JSON.parse(await readFile(join(model(), 'metrics.json'), 'utf8')) as {
      scores: { bleu: { signature: string } };
      training: { steps: number };
    };
    expect(metrics.training.steps).toBe(4);
    expect(metrics.scores.bleu.signature).toMatch(/^nrefs:1\|case:mixed\|/);
    const card = await readFile(join(model(), 'README.md'), 'utf8');
    expect(card).toContain('test split of `emoji`');
    expect(card).toContain('MIT');
  });

  it('trains on after --resume to the weights of a run in one piece', async () => {
    const [whole, parts] = [join(folder, 'whole'), join(folder, 'parts')];
    expect((await d2l('train', recipe, ...tiny, '--max-steps', '5', '--out', whole)).code).toBe(0);
    expect((await d2l('train', recipe, ...tiny, '--max-steps', '2', '--out', parts)).code).toBe(0);
    expect((await d2l('train', '--resume', parts, '--quiet', '--max-steps', '5')).code).toBe(0);
    const weights = (run: string) => readFile(join(run, 'model', 'model.safetensors'));
    expect((await weights(parts)).equals(await weights(whole))).toBe(true);
  }, 120_000);

  it('translates as the Translator does', async () => {
    await useBackend();
    const translator = await Translator.load(model());
    const sentences = ['red heart', '', 'grinning face with big eyes'];
    const expected = await translator.translate(sentences, { beamSize: 3, nBest: 3 });
    const { out } = await d2l('translate', '--model', model(), '--beam', '3', '--json', ...sentences);
    const printed = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(printed).toEqual(
      expected.map(({ source, translation, score, tokens, alternatives }) => {
        return { source, translation, score, tokens, alternatives };
      }),
    );
    const stream = translator.stream(sentences[2]!, { beamSize: 3, nBest: 3 });
    let next = await stream.next();
    while (!next.done) next = await stream.next();
    expect(next.value).toEqual(expected[2]);
    translator.dispose();
    const drawn = ['translate', '--model', model(), '--sample', '--seed', '3', '--top-p', '0.9', 'red heart'];
    expect((await d2l(...drawn)).out).toBe((await d2l(...drawn)).out);
  });

  it('hands every search option to the Translator, and gives attention', async () => {
    const translator = await Translator.load(model());
    const lines = async (...args: string[]) => {
      const { out } = await d2l('translate', '--model', model(), '--json', ...args, 'red heart');
      return JSON.parse(out) as Record<string, unknown>;
    };
    const search = ['--beam', '2', '--stop', 'bound', '--min-length', '4', '--max-length', '9'];
    const rules = ['--no-repeat-ngram', '1', '--repetition-penalty', '2'];
    const [expected] = await translator.translate(['red heart'], {
      beamSize: 2,
      nBest: 2,
      stop: 'bound',
      minLength: 4,
      maxLength: 9,
      noRepeatNgram: 1,
      repetitionPenalty: 2,
      attention: true,
    });
    const { source: _, logProbs: __, ...shown } = expected!;
    expect(shown.tokens.length).toBeGreaterThanOrEqual(4);
    expect(new Set(shown.tokens).size).toBe(shown.tokens.length);
    expect(await lines(...search, ...rules, '--attention')).toEqual({ source: 'red heart', ...shown });
    const [drawn] = await translator.translate(['red heart'], {
      sampling: { seed: 2, minP: 0.9, temperature: 3 },
      maxLength: 5,
    });
    const sample = ['--sample', '--seed', '2', '--min-p', '0.9', '--temperature', '3', '--max-length', '5'];
    expect((await lines(...sample))['tokens']).toEqual(drawn!.tokens);
    translator.dispose();
  });

  it('scores given translations token by token', async () => {
    const [source, target] = [join(folder, 'given.en'), join(folder, 'given.fr')];
    await writeFile(source, 'red heart\nblack cat\n');
    await writeFile(target, 'cœur rouge\n\n');
    const args = ['score', '--model', model(), '--source', source, '--target', target];
    const translator = await Translator.load(model());
    const expected = await translator.score('red heart', 'cœur rouge', { attention: true });
    translator.dispose();
    const json = await d2l(...args, '--json', '--attention');
    const [first, second] = json.out
      .split('\n', 2)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const { translation, score, ...rest } = expected;
    const total = rest.logProbs.reduce((sum, value) => sum + value, 0);
    expect(first).toEqual({ ...rest, target: translation, total, mean: score });
    expect(second).toMatchObject({ target: '', tokens: [], logProbs: [expect.any(Number)] });
    const plain = (await d2l(...args)).out.split('\n')[0]!.split('\t');
    expect(plain.slice(0, 2)).toEqual([total.toFixed(4), score.toFixed(4)]);
    expect(plain.slice(2).map((cell) => cell.split(' ')[0])).toEqual([...rest.tokens, '(end)']);

    await writeFile(target, 'cœur rouge\n');
    expect(await d2l(...args)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/given\.fr must have as many lines as .*given\.en, 2, got 1/),
    });
    await writeFile(target, 'cœur rouge\nchat\n');
    await writeFile(source, 'red heart\n \n');
    expect(await d2l(...args)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/line 2 of .* not be empty/),
    });
    await writeFile(source, `red heart\n${'very '.repeat(90)}long\n`);
    expect(await d2l(...args)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^Translator\.score: a sent/),
    });
  });

  it('scores files and data sets', async () => {
    const [source, reference] = [join(folder, 'source.txt'), join(folder, 'reference.txt')];
    await writeFile(source, 'red heart\nblack cat\n');
    await writeFile(reference, 'cœur rouge\nchat noir\n');
    const files = await d2l(
      'evaluate',
      '--model',
      model(),
      '--source',
      source,
      '--reference',
      reference,
      '--json',
    );
    expect(JSON.parse(files.out)).toMatchObject({
      sentences: 2,
      bleu: { signature: expect.stringContaining('13a') },
    });
    const data = await d2l('evaluate', '--model', model(), '--data', 'emoji', '--limit', '3', '--beam', '1');
    expect(data.out).toMatch(
      /^BLEU \d+\.\d\d {2}nrefs:1\|.*\nchrF .*\nBLEU, lower-cased, Moses tokens .*tok:none.*\n3 sentences, beam 1, .* s\n$/,
    );
  });

  it('says what is wrong in a sentence and exits with 2', async () => {
    const wrong: [args: string[], sentence: RegExp][] = [
      [['trian'], /unknown command 'trian'/],
      [['translate', '--beam', '0', 'x'], /whole number above 0/],
      [['translate', '--top-p', '0.5', 'x'], /--top-p only acts with --sample/],
      [['translate', '--min-p', '0.5', 'x'], /--min-p only acts with --sample/],
      [['translate', '--min-p', '2', '--sample', 'x'], /above 0 and at most 1/],
      [['translate', '--sample', '--n-best', '2', 'x'], /--sample and --n-best contradict/],
      [['translate', '--attention', 'x'], /--attention only acts with --json/],
      [['translate', '--stop', 'never', 'x'], /Allowed choices are count, bound/],
      [
        ['translate', '--model', model(), '--min-length', '9', '--max-length', '3', 'x'],
        /minLength must be at most/,
      ],
      [['score', '--source', 'x'], /required option '--target <file>'/],
      [['score', '--source', 'x', '--target', 'x', '--attention'], /--attention only acts with --json/],
      [['score', '--source', join(folder, 'none'), '--target', 'x'], /none cannot be read/],
      [['translate', '--model', folder, 'x'], /must hold config\.json/],
      [['evaluate', '--model', model()], /either --source and --reference, or --data/],
      [
        ['train', recipe, '--set', 'training.learningrate=1'],
        /no key "training.learningrate".*did you mean "lr"|valid: /,
      ],
      [['train', recipe, '--set', 'training.lr=fast'], /training\.lr: .*got "fast"/],
      [['train', join(folder, 'none.yaml')], /none\.yaml cannot be read/],
      [['train', recipe, '--out', join(folder, 'run')], /must be new or empty/],
      [['train', '--resume', join(folder, 'none')], /no such folder/],
      [['data', 'fra'], /there must be a data set of this name, got "fra"/],
      [['bench', 'W99'], /no such workload/],
    ];
    for (const [args, sentence] of wrong) {
      const { code, err } = await d2l(...args);
      expect(err).toMatch(sentence);
      expect(err).not.toMatch(/\n {4}at /);
      expect(code).toBe(2);
    }
  });

  it('lists data sets, backends and help', async () => {
    expect((await d2l('data')).out).toContain('CC-BY-2.0-FR');
    expect(JSON.parse((await d2l('data', 'emoji', '--json')).out)).toMatchObject({ origin: 'embedded' });
    expect(JSON.parse((await d2l('doctor', '--threads', '1', '--json')).out)).toMatchObject({
      backends: expect.arrayContaining([
        expect.objectContaining({ name: 'cpu', available: true }),
      ]) as unknown,
    });
    for (const verb of [
      'train',
      'translate',
      'generate',
      'score',
      'evaluate',
      'perplexity',
      'doctor',
      'data',
      'bench',
    ]) {
      const { code, out } = await d2l(verb, '--help');
      expect(code).toBe(0);
      expect(out).toContain('Usage: d2l');
    }
  });

  it('has a model for whoever names none', async () => {
    const { code, out } = await d2l('translate', 'Thank you.', 'Where are you?');
    expect({ code, out }).toEqual({ code: 0, out: 'Merci.\nOù êtes-vous ?\n' });
    expect(defaultModel()).toContain('en-fr-transformer');
  });
});
