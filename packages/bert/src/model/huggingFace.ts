// The state of Hugging Face's BERT under our names, and ours under theirs: queries, keys and values apart there.
import { type TensorDict, readForeign, writeForeign } from '@d2lts/core';
import { stateMap } from '../pretrained/stateMaps.ts';

/**
 * The state of Hugging Face's `BertForPreTraining` or of a part of it (a bare `BertModel`: load it with
 * `{ strict: false }`) under the names of `BERTModel`. Queries, keys and values are packed; older files' `gamma` and
 * `beta` are understood; buffers and other heads are left out. Their next-sentence class 0 means "follows" and ours is
 * 1, so these two rows are swapped. `fromPretrained` reads whole folders, of every head.
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
  const names = Object.getOwnPropertyNames(state);
  const bare = names.some((name) => /^(embeddings|encoder|pooler)\./.test(name));
  return readForeign('fromHuggingFace', stateMap('bert', 'ForPreTraining', { bare }), state);
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
  return writeForeign('toHuggingFace', stateMap('bert', 'ForPreTraining'), state);
}
