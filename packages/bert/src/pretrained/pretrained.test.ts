// Folders of Hugging Face's random models (golden/pretrained.py): outputs, losses, gradients, AdamW steps, and back.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Module,
  type TensorDict,
  AdamW,
  readForeign,
  readSafetensors,
  softmaxCrossEntropy,
  useBackend,
  valueAndGrads,
} from '@d2lts/core';
import { SubwordTokenizer } from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectClose } from '../../../../tests/support/golden.ts';
import {
  BERTModel,
  BertForMaskedLM,
  BertForQuestionAnswering,
  BertForSequenceClassification,
  BertForTokenClassification,
  BertTrunk,
  type Family,
  type Pretrained,
  type Task,
  fromPretrained,
  savePretrained,
  sequenceLoss,
  spanLoss,
  tokenLoss,
  vocabularyTokenizer,
} from '../index.ts';
import { stateMap } from './stateMaps.ts';

interface Case {
  name: string;
  family: Family;
  task: Task;
}

const golden = (name: string) => fileURLToPath(new URL(`golden/${name}`, import.meta.url));
const json = <T>(name: string) => JSON.parse(readFileSync(golden(name), 'utf8')) as T;
const cases = json<Case[]>('cases.json');
let folder: string;
let tensors: number;

beforeAll(async () => {
  await useBackend();
  folder = await mkdtemp(join(tmpdir(), 'd2l-pretrained-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(tensors));

/** Outputs under Hugging Face's names, and the loss. */
function run({ model, problemType }: Pretrained, batch: TensorDict): [Record<string, tf.Tensor>, tf.Scalar] {
  const { input_ids: ids, token_type_ids: segments, lens: validLens, labels } = batch;
  const input = { ids: ids!, segments, validLens };
  if (model instanceof BertTrunk) {
    const { hidden, pooled } = model.forward(input);
    const square = (x: tf.Tensor) => tf.mean(tf.square(x));
    const seen = tf.mul(hidden, tf.expandDims(tf.cast(batch['attention_mask']!, 'float32'), 2));
    const loss = pooled === undefined ? square(seen) : tf.add(square(seen), square(pooled));
    return [{ last_hidden_state: hidden, ...(pooled && { pooler_output: pooled }) }, loss as tf.Scalar];
  }
  if (model instanceof BERTModel) {
    const [rows, steps] = ids!.shape as [number, number];
    const positions = tf.broadcastTo(tf.range(0, steps, 1, 'int32'), [rows, steps]);
    const { maskLogits, nextSentenceLogits } = model.forward({ ...input, positions });
    const follows = tf.sub(tf.scalar(1, 'int32'), batch['next_sentence_label']!); // class 1 is ours for "follows"
    const loss = tf.add(tokenLoss(maskLogits!, labels!), softmaxCrossEntropy(nextSentenceLogits, follows));
    const seq_relationship_logits = tf.reverse(nextSentenceLogits, 1);
    return [{ prediction_logits: maskLogits!, seq_relationship_logits }, loss as tf.Scalar];
  }
  if (model instanceof BertForQuestionAnswering) {
    const logits = model.forward(input);
    const loss = spanLoss(logits, batch['start_positions']!, batch['end_positions']!);
    return [{ start_logits: logits.start, end_logits: logits.end }, loss];
  }
  const logits = (
    model as BertForMaskedLM | BertForTokenClassification | BertForSequenceClassification
  ).forward(input);
  const whole = model instanceof BertForSequenceClassification;
  return [{ logits }, whole ? sequenceLoss(logits, labels!, problemType) : tokenLoss(logits, labels!)];
}

function expectSame(actual: tf.Tensor, wanted: tf.Tensor, tolerance: number, name?: string): void {
  expect(actual.shape, name).toEqual(wanted.shape);
  expectClose(actual.dataSync(), [...wanted.dataSync()], tolerance);
}

function steps(model: Module, loss: () => tf.Scalar): number[] {
  const optimizer = new AdamW(model.parameters(), { lr: 0.01 });
  const losses = Array.from({ length: 5 }, () => {
    const { value, grads } = valueAndGrads(loss, model.parameters());
    optimizer.step(grads);
    const [current] = value.dataSync();
    tf.dispose([value, grads]);
    return current!;
  });
  optimizer.dispose();
  return losses;
}

describe.each(cases)('$name', ({ name, family, task }) => {
  it('has the same outputs, loss, gradients and AdamW steps', async () => {
    const pretrained = await fromPretrained(golden(name));
    expect([pretrained.family, pretrained.task]).toEqual([family, task]);
    const expected = await readSafetensors(join(golden(name), 'expected.safetensors'));
    const { model } = pretrained;
    const scope = tf.memory().numTensors;
    tf.tidy(() => {
      const [outputs, loss] = run(pretrained, expected);
      for (const [output, value] of Object.entries(outputs)) {
        const mask = expected['attention_mask']!;
        const bySteps = value.rank >= 2 && value.shape[1] === mask.shape[1];
        const shape = [...mask.shape, ...value.shape.slice(2).map(() => 1)];
        const seen = bySteps ? tf.mul(value, tf.reshape(tf.cast(mask, 'float32'), shape)) : value;
        expectSame(seen, expected[`out.${output}`]!, 1e-5);
      }
      expectClose(loss.dataSync(), [expected['losses']!.dataSync()[0]!], 1e-5);
    });
    const loss = () => tf.tidy(() => run(pretrained, expected)[1]);
    const theirs = Object.entries(expected).flatMap(([key, value]) =>
      key.startsWith('grad.') ? [[key.slice(5), value] as const] : [],
    );
    const map = stateMap(family, task, { tied: pretrained.config.tiedDecoder });
    const ours = readForeign('test', map, Object.fromEntries(theirs));
    const { value, grads } = valueAndGrads(loss, model.parameters());
    model
      .namedParameters()
      .forEach(([parameter], i) => expectSame(grads[i]!, ours[parameter]!, 1e-4, parameter));
    expect(Object.keys(ours).length).toBe(grads.length);
    tf.dispose([value, grads, ours]);
    expect(tf.memory().numTensors).toBe(scope);
    expectClose(steps(model, loss), [...expected['losses']!.dataSync()], 1e-4);
    model.dispose();
    tf.dispose(expected);
  });

  it("is saved with Hugging Face's names, values and config", async () => {
    const pretrained = await fromPretrained(golden(name));
    const path = join(folder, name);
    await savePretrained(path, pretrained);
    pretrained.model.dispose();
    const [saved, given] = await Promise.all(
      [path, golden(name)].map((from) => readSafetensors(join(from, 'model.safetensors'))),
    );
    expect(Object.keys(saved!).sort()).toEqual(Object.keys(given!).sort());
    for (const [key, value] of Object.entries(given!)) {
      expect(saved![key]!.shape, key).toEqual(value.shape);
      // Hugging Face keeps a second bias there, which it does not use.
      if (name.endsWith('-untied') && key === 'cls.predictions.bias') continue;
      expect(saved![key]!.dataSync(), key).toEqual(value.dataSync());
    }
    tf.dispose([saved!, given!]);
    const [ours, theirs] = await Promise.all(
      [path, golden(name)].map(
        async (from) => JSON.parse(await readFile(join(from, 'config.json'), 'utf8')) as object,
      ),
    );
    expect(ours).toMatchObject(theirs!);
    const again = await fromPretrained(path);
    expect(again.config).toEqual(pretrained.config);
    again.model.dispose();
  });
});

describe('vocab.txt', () => {
  const { words, cases: vocabularies } = json<{
    words: string[];
    cases: { settings: Record<string, boolean>; json: object; texts: string[]; ids: number[][] }[];
  }>('vocabularies.json');

  it.each(vocabularies)(
    'with $settings is the tokenizer.json of Hugging Face',
    ({ settings, json, texts, ids }) => {
      const options = {
        lowercase: settings['do_lower_case'] ?? true,
        splitChinese: settings['tokenize_chinese_chars'] ?? true,
        stripAccents: settings['strip_accents'] ?? null,
      };
      for (const text of [words.join('\n'), `${words.join('\r\n')}\r\n`])
        expect(vocabularyTokenizer(text, options)).toEqual(json);
      expect(SubwordTokenizer.fromJSON(json).encode(texts[0]!)).toBeDefined();
      expect(ids).toHaveLength(texts.length);
    },
  );
});
