// The state of Hugging Face's BERT under our names, and ours under theirs: queries, keys and values apart there.
import { type StateMap, type TensorDict, readForeign, rename, writeForeign } from '@d2lts/core';

/** Their names, with what stands before those of the encoder: `bert.`, or nothing in a bare `BertModel`. */
function bertMap(prefix: string): StateMap {
  const layer = `${prefix}encoder.layer.{i}`;
  const projections = ['query', 'key', 'value'].map((part) => `${layer}.attention.self.${part}.{p}`);
  return {
    of: 'BertModel or BertForPreTraining',
    older: [
      [/\.gamma$/, '.weight'],
      [/\.beta$/, '.bias'],
    ],
    rules: [
      rename(`${prefix}embeddings.word_embeddings.weight`, 'encoder.token_embedding.weight'),
      rename(`${prefix}embeddings.token_type_embeddings.weight`, 'encoder.segment_embedding.weight'),
      rename(`${prefix}embeddings.position_embeddings.weight`, 'encoder.position_embedding.weight'),
      rename(`${prefix}embeddings.LayerNorm.{p}`, 'encoder.norm.{p}'),
      { theirs: [`${prefix}embeddings.position_ids`], ours: [] },
      { theirs: projections, ours: ['encoder.layers.{i}.self_attn.in_proj_{p}'] },
      rename(`${layer}.attention.output.dense.{p}`, 'encoder.layers.{i}.self_attn.out_proj.{p}'),
      rename(`${layer}.attention.output.LayerNorm.{p}`, 'encoder.layers.{i}.norm1.{p}'),
      rename(`${layer}.intermediate.dense.{p}`, 'encoder.layers.{i}.linear1.{p}'),
      rename(`${layer}.output.dense.{p}`, 'encoder.layers.{i}.linear2.{p}'),
      rename(`${layer}.output.LayerNorm.{p}`, 'encoder.layers.{i}.norm2.{p}'),
      rename(`${prefix}pooler.dense.{p}`, 'pooler.{p}'),
      rename('cls.predictions.transform.dense.{p}', 'mlm.dense.{p}'),
      rename('cls.predictions.transform.LayerNorm.{p}', 'mlm.norm.{p}'),
      rename('cls.predictions.bias', 'mlm.decoder.bias', { also: ['cls.predictions.decoder.bias'] }),
      rename('cls.predictions.decoder.weight', 'mlm.decoder.weight'),
      // Their class 0 means "follows", ours 1.
      rename('cls.seq_relationship.{p}', 'nsp.output.{p}', { change: 'reverse' }),
    ],
  };
}

/**
 * The state of Hugging Face's `BertForPreTraining` or of a part of it (a bare `BertModel`: load it with
 * `{ strict: false }`) under the names of `BERTModel`. Queries, keys and values are packed; older files' `gamma` and
 * `beta` are understood; buffers are left out. Their next-sentence class 0 means "follows" and ours is 1, so these two
 * rows are swapped.
 *
 * @returns new tensors, which belong to the caller
 * @throws DataError for a name that is not BERT's, or when a query, key or value is missing
 *
 * @example
 * const state = fromHuggingFace(await readState());
 * model.loadStateDict(state);
 * tf.dispose(state);
 */
export function fromHuggingFace(state: Readonly<TensorDict>): TensorDict {
  const prefixed = Object.keys(state).some((name) => name.startsWith('bert.'));
  const bare = Object.keys(state).some((name) => /^(embeddings|encoder|pooler)\./.test(name));
  return readForeign('fromHuggingFace', bertMap(bare && !prefixed ? '' : 'bert.'), state);
}

/**
 * The other way: a `BERTModel`'s state under the names of `BertForPreTraining`, for Hugging Face to load.
 *
 * @returns new tensors, which belong to the caller
 *
 * @example
 * const state = toHuggingFace(model.ownState());
 * await writeSafetensors('model.safetensors', state, { metadata: { format: 'pt' } });
 * tf.dispose(state);
 */
export function toHuggingFace(state: Readonly<TensorDict>): TensorDict {
  return writeForeign('toHuggingFace', bertMap('bert.'), state);
}
