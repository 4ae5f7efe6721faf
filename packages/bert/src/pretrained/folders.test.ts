// Folders that are odd or broken: shards, other heads, half precision, tokenizers, and what is refused without leaks.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type TensorDict, Rng, readSafetensors, useBackend, writeSafetensors } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fromPretrained, savePretrained, vocabularyTokenizer } from '../index.ts';

const golden = (name: string) => fileURLToPath(new URL(`golden/${name}`, import.meta.url));
const index = 'model.safetensors.index.json';
let path: string;
let tensors: number;

beforeAll(async () => {
  await useBackend();
});
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'd2l-folders-')), 'model');
  tensors = tf.memory().numTensors;
});
afterEach(async () => {
  expect(tf.memory().numTensors).toBe(tensors);
  await rm(join(path, '..'), { recursive: true, force: true });
});

const copy = (name: string) => cp(golden(name), path, { recursive: true });
const edit = async (file: string, change: (json: Record<string, unknown>) => object) => {
  const json = JSON.parse(await readFile(join(path, file), 'utf8')) as Record<string, unknown>;
  await writeFile(join(path, file), JSON.stringify(change(json)));
};
const editWeights = async (change: (state: TensorDict) => void) => {
  const file = join(path, 'model.safetensors');
  const state = await readSafetensors(file);
  const kept = Object.values(state);
  change(state);
  await writeSafetensors(file, state);
  tf.dispose([...kept, state]);
};
const values = (model: { stateDict: () => Record<string, tf.Variable> }) =>
  Object.fromEntries(Object.entries(model.stateDict()).map(([name, value]) => [name, [...value.dataSync()]]));

describe('fromPretrained reads', () => {
  it('shards as the whole file', async () => {
    await copy('BertForMaskedLM-small-shards');
    const whole = await fromPretrained(golden('BertForMaskedLM-small'));
    const shards = await fromPretrained(path);
    expect(values(shards.model)).toEqual(values(whole.model));
    shards.model.dispose();
    whole.model.dispose();
  });

  it('the trunk of another task, and draws a new head from the generator', async () => {
    await copy('BertForPreTraining');
    const labels = ['sad', 'glad', 'neither'];
    const options = { task: 'ForSequenceClassification', labels } as const;
    const load = (seed: number) => fromPretrained(path, { ...options, rng: new Rng(seed) });
    const [one, again, other] = [await load(1), await load(1), await load(2)];
    const trunk = await fromPretrained(path);
    const [ours, theirs] = [values(one.model), values(trunk.model)];
    expect(ours['encoder.layers.1.linear1.weight']).toEqual(theirs['encoder.layers.1.linear1.weight']);
    expect(ours['head.dense.weight']).toEqual(theirs['pooler.weight']);
    expect(one.model.head.output.weight.shape).toEqual([3, 8]);
    expect(values(again.model)).toEqual(ours);
    expect(values(other.model)['head.output.weight']).not.toEqual(ours['head.output.weight']);
    expect(one.model.training).toBe(false);
    for (const { model } of [one, again, other, trunk]) model.dispose();
  });

  it('a trained head under other names of labels, and a new one for another number of them', async () => {
    await copy('RobertaForTokenClassification');
    const own = await fromPretrained(path);
    const renamed = await fromPretrained(path, { labels: ['O', 'B', 'I'] });
    const more = await fromPretrained(path, { labels: ['O', 'B', 'I', 'E'] });
    expect(own.labels).toEqual(['LABEL_0', 'LABEL_1', 'LABEL_2']);
    expect(renamed.labels).toEqual(['O', 'B', 'I']);
    expect(values(renamed.model)).toEqual(values(own.model));
    expect(values(more.model)['head.output.bias']).toEqual([0, 0, 0, 0]);
    for (const { model } of [own, renamed, more]) model.dispose();
    await editWeights((state) => delete state['classifier.weight']);
    await expect(fromPretrained(path, { labels: ['O', 'B', 'I'] })).rejects.toThrow('missing are');
  });

  it('parts of other classes beside its own, older spellings, and a bare model without pooler', async () => {
    await copy('BertForPreTraining');
    await edit('config.json', (config) => ({ ...config, architectures: ['BertForMaskedLM'] }));
    await editWeights((state) => {
      state['bert.embeddings.position_ids'] = tf.zeros([1, 9], 'int32');
      state['bert.embeddings.LayerNorm.gamma'] = state['bert.embeddings.LayerNorm.weight']!;
      delete state['bert.embeddings.LayerNorm.weight'];
    });
    const { model, task } = await fromPretrained(path);
    expect(task).toBe('ForMaskedLM');
    model.dispose();
    await copy('BertModel');
    await editWeights((state) => {
      for (const name of Object.keys(state)) if (name.startsWith('pooler.')) delete state[name];
    });
    const bare = await fromPretrained(path, { task: 'Model' });
    expect(bare.model.pooler).toBeUndefined();
    bare.model.dispose();
  });

  it('half precision, and a vocab.txt, which is saved again', async () => {
    await copy('BertForQuestionAnswering');
    const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'the', 'Cat', '##s'];
    await writeFile(join(path, 'vocab.txt'), `${words.join('\n')}\n`);
    await writeFile(join(path, 'tokenizer_config.json'), '{"do_lower_case": false}');
    const whole = await fromPretrained(path);
    expect(whole.tokenizer!.encode('the Cats')).toEqual([5, 6, 7]);
    const half = join(path, '..', 'half');
    await savePretrained(half, whole, { dtype: 'F16' });
    const again = await fromPretrained(half);
    expect(again.tokenizer!.encode('the Cats')).toEqual([5, 6, 7]);
    expect(await readFile(join(half, 'vocab.txt'), 'utf8')).toBe(`${words.join('\n')}\n`);
    const [a, b] = [values(whole.model), values(again.model)];
    for (const [name, list] of Object.entries(a))
      for (const [i, value] of list.entries()) expect(b[name]![i]).toBeCloseTo(value, 2);
    whole.model.dispose();
    again.model.dispose();
  });
});

describe('fromPretrained refuses, without leaks,', () => {
  const weights = 'bert.encoder.layer.1.output.dense.weight';
  const setConfig = (fields: object) => () => edit('config.json', (config) => ({ ...config, ...fields }));

  it.each<[what: string, change: () => Promise<void>, message: RegExp]>([
    ['a missing tensor', () => editWeights((state) => delete state[weights]), /missing are, got \["encoder\.layers\.1\.linear2\.weight"\]/],
    ['a further tensor', () => editWeights((state) => (state['bert.encodr.x'] = tf.zeros([1]))), /every name must be one of Hugging Face's bert .*got "bert\.encodr\.x"/],
    ['a layer too many', () => editWeights((state) => (state['bert.encoder.layer.2.output.dense.bias'] = tf.zeros([8]))), /no other names, got \["encoder\.layers\.2\.linear2\.bias"\]/],
    ['a misshaped tensor', () => editWeights((state) => (state[weights] = tf.zeros([8, 13]))), /linear2\.weight must be \[8, 12\], got \[8, 13\]/],
    ['a query of another width', () => editWeights((state) => (state['bert.encoder.layer.0.attention.self.query.weight'] = tf.zeros([8, 9]))), /must have one shape/],
    ['a wrong vocabulary size', setConfig({ vocab_size: 18 }), /token_embedding\.weight must be \[18, 8\], got \[17, 8\]/],
    ['hostile sizes', setConfig({ hidden_size: 2 ** 20, num_attention_heads: 1, num_hidden_layers: 64 }), /a bert of Hugging Face that fits its weights/],
    ['heads that do not divide', setConfig({ num_attention_heads: 3 }), /that fits its weights/],
    ['a size that is no number', setConfig({ hidden_size: '8' }), /its field "hidden_size" is missing or wrong, got "8"/],
    ['an unknown model_type', setConfig({ model_type: 'albert' }), /known model_type, got "albert"; did you mean "bert"/],
    ['no model_type', setConfig({ model_type: undefined }), /known model_type, got undefined/],
    ['an unknown architecture', setConfig({ architectures: ['BertForMultipleChoice'] }), /known architecture, got "BertForMultipleChoice"/],
    ['relative positions', setConfig({ position_embedding_type: 'relative_key' }), /position_embedding_type absolute/],
    ['a decoder', setConfig({ is_decoder: true }), /is_decoder false can be read, got true/],
    ['an activation that we have not', setConfig({ hidden_act: 'gelu_new' }), /its field "hidden_act" is missing or wrong/],
    ['labels with a gap', setConfig({ id2label: { 0: 'a', 2: 'b' } }), /its field "id2label" is missing or wrong/],
    ['a truncated file', async () => {
      const bytes = await readFile(join(path, 'model.safetensors'));
      await writeFile(join(path, 'model.safetensors'), bytes.subarray(0, -1));
    }, /truncated or corrupt|must fill all/],
    ['a tokenizer of another model', () => writeFile(join(path, 'vocab.txt'), ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...'abcdefghijklmn'].join('\n')), /at most the model's 17 tokens, got 19/],
    ['a vocabulary without [SEP]', () => writeFile(join(path, 'vocab.txt'), '[PAD]\n[UNK]\n[CLS]\n[MASK]'), /must hold the token \[SEP\]/],
    ['a tokenizer.json that is cut', () => writeFile(join(path, 'tokenizer.json'), '{"'), /tokenizer\.json must be JSON/],
  ])('%s', async (_, change, message) => {
    await copy('BertForMaskedLM');
    await change();
    await expect(fromPretrained(path)).rejects.toThrow(message);
  }); // prettier-ignore

  it.each<[what: string, change: () => Promise<void>, message: RegExp]>([
    ['a missing shard', () => rm(join(path, 'model-00002-of-00002.safetensors')), /a shard of .* is missing, got "model-00002/],
    ['a shard elsewhere', () => edit(index, () => ({ weight_map: { a: '../x.safetensors' } })), /names of safetensors files, got "\.\.\/x/],
    ['an empty index', () => edit(index, () => ({})), /must have a weight_map, got undefined/],
    ['a tensor that its shard has not', () => edit(index, ({ weight_map: map }) => ({ weight_map: { ...(map as object), other: 'model-00002-of-00002.safetensors' } })), /model-00002-of-00002\.safetensors must hold other/],
    ['a tensor in two shards', () => cp(join(path, 'model-00001-of-00002.safetensors'), join(path, 'model-00002-of-00002.safetensors')), /must hold bert\.|must not hold what another shard has/],
  ])('%s', async (_, change, message) => {
    await copy('BertForMaskedLM-small-shards');
    await change();
    await expect(fromPretrained(path)).rejects.toThrow(message);
  }); // prettier-ignore
});

it('fromPretrained refuses an unknown task', async () => {
  await expect(fromPretrained(golden('BertModel'), { task: 'ForPretraining' as never })).rejects.toThrow(
    'task must be a known one, got "ForPretraining"; did you mean "ForPreTraining"?',
  );
});

it('vocabularyTokenizer keeps lines that are white space or repeat as Hugging Face does', () => {
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
  const { model } = vocabularyTokenizer([...special, 'a', 'b', 'a'].join('\n'));
  expect(model.vocab).toMatchObject({ a: 7, b: 6 });
});
