// Reading the state of Hugging Face's BERT: other names, and queries, keys and values apart.
import { DataError } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

const names: [theirs: RegExp, ours: string][] = [
  [/^bert\.embeddings\.word_embeddings\./, 'encoder.token_embedding.'],
  [/^bert\.embeddings\.token_type_embeddings\./, 'encoder.segment_embedding.'],
  [/^bert\.embeddings\.position_embeddings\./, 'encoder.position_embedding.'],
  [/^bert\.embeddings\.LayerNorm\./, 'encoder.norm.'],
  [/^bert\.pooler\.dense\./, 'pooler.'],
  [/^cls\.predictions\.transform\.dense\./, 'mlm.dense.'],
  [/^cls\.predictions\.transform\.LayerNorm\./, 'mlm.norm.'],
  [/^cls\.predictions\.(decoder\.)?bias$/, 'mlm.decoder.bias'],
  [/^cls\.predictions\.decoder\.weight$/, 'mlm.decoder.weight'],
  [/^cls\.seq_relationship\./, 'nsp.output.'],
];

const layerNames: [theirs: string, ours: string][] = [
  ['attention.output.dense', 'self_attn.out_proj'],
  ['attention.output.LayerNorm', 'norm1'],
  ['intermediate.dense', 'linear1'],
  ['output.dense', 'linear2'],
  ['output.LayerNorm', 'norm2'],
];

/**
 * The state of Hugging Face's `BertForPreTraining` (or of a part of it) under the names of `BERTModel`. Queries, keys and
 * values are packed; older files' `gamma` and `beta` are understood; buffers are left out. Their next-sentence class 0
 * means "follows" and ours is 1, so these two rows are swapped.
 *
 * @returns new tensors, which belong to the caller
 * @throws DataError for a name that is not BERT's, or when a query, key or value is missing
 *
 * @example
 * const state = fromHuggingFace(await readState());
 * model.loadStateDict(state);
 * tf.dispose(state);
 */
export function fromHuggingFace(state: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> {
  const result: Record<string, tf.Tensor> = {};
  const parts = new Map<string, (tf.Tensor | undefined)[]>();
  for (const [raw, tensor] of Object.entries(state)) {
    if (raw.endsWith('position_ids')) continue;
    const name = raw.replace(/\.gamma$/, '.weight').replace(/\.beta$/, '.bias');
    const projection =
      /^bert\.encoder\.layer\.(\d+)\.attention\.self\.(query|key|value)\.(weight|bias)$/.exec(name);
    if (projection === null) {
      const ours = translate(name);
      result[ours] = ours.startsWith('nsp.') ? tf.reverse(tensor, 0) : tf.clone(tensor);
      continue;
    }
    const [, layer, part, kind] = projection;
    const packed = `encoder.layers.${layer}.self_attn.in_proj_${kind}`;
    const three = parts.get(packed) ?? [undefined, undefined, undefined];
    three[['query', 'key', 'value'].indexOf(part!)] = tensor;
    parts.set(packed, three);
  }
  for (const [name, three] of parts) {
    if (!three.every((part) => part !== undefined)) {
      throw new DataError({
        operation: 'fromHuggingFace',
        fact: `${name} needs query, key and value`,
        value: three.filter((part) => part !== undefined).length,
      });
    }
    result[name] = tf.concat(three, 0);
  }
  return result;
}

function translate(name: string): string {
  const layer = /^bert\.encoder\.layer\.(\d+)\.(.+)\.(weight|bias)$/.exec(name);
  const inLayer = layer && layerNames.find(([theirs]) => theirs === layer[2]);
  if (layer && inLayer) return `encoder.layers.${layer[1]}.${inLayer[1]}.${layer[3]}`;
  const found = names.find(([theirs]) => theirs.test(name));
  if (found !== undefined) return name.replace(...found);
  throw new DataError({
    operation: 'fromHuggingFace',
    fact: 'every name must be one of BertForPreTraining',
    value: name,
    advice: 'leave other heads out',
  });
}
