// Weights of the book's Transformer classes under our names.
import { type StateValue, ConfigError } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

/** The book's names, as patterns, and ours. */
const renamings: readonly [book: RegExp, ours: string][] = [
  [/^blks\./, 'encoder.blks.'],
  [/\bblks\.(?:block)?(\d+)\./, 'layers.$1.'],
  [/^encoder\.embedding\./, 'source_embedding.'],
  [/^decoder\.embedding\./, 'target_embedding.'],
  [/^decoder\.dense\./, 'output.'],
  [/\battention1?\./, 'self_attn.'],
  [/\battention2\./, 'multihead_attn.'],
  [/\bffn\.dense([12])\./, 'linear$1.'],
  [/\baddnorm(\d)\.ln\./, 'norm$1.'],
  [/\bW_o\./, 'out_proj.'],
];

/**
 * A state dict of the book's `MultiHeadAttention`, `EncoderBlock`, `DecoderBlock`, `TransformerEncoder` or whole
 * encoder-decoder (sections 10.5 and 10.7) under the names of our `MultiHeadAttention`, `EncoderBlock`, `DecoderBlock`,
 * `EncoderOnlyTransformer` and `Transformer`: `W_q`, `W_k` and `W_v` become one packed projection.
 *
 * @example
 * model.loadStateDict(fromBookState(await readSafetensors('book.safetensors')));
 * @throws ConfigError when one of the three projections is missing
 */
export function fromBookState(dict: Readonly<Record<string, StateValue>>): Record<string, StateValue> {
  const ours: Record<string, StateValue> = {};
  for (const [name, value] of Object.entries(dict)) {
    const projection = /\bW_([qkv])\.(weight|bias)$/.exec(name);
    if (projection === null) ours[rename(name)] = value;
    else if (projection[1] === 'q') ours[rename(name.replace('W_q.', 'in_proj_'))] = packed(dict, name);
  }
  return ours;
}

function rename(name: string): string {
  return renamings.reduce((given, [book, replacement]) => given.replace(book, replacement), name);
}

/** The parts W_q, W_k and W_v of a projection, one below the other. */
function packed(dict: Readonly<Record<string, StateValue>>, query: string): StateValue {
  const names = ['W_q', 'W_k', 'W_v'].map((part) => query.replace('W_q', part));
  const values = names.map((name) => dict[name]).filter((value) => value !== undefined);
  if (values.length < 3) {
    throw new ConfigError({
      operation: 'fromBookState',
      fact: 'W_q must come with W_k and W_v',
      value: names.filter((name) => name in dict),
      argument: 'dict',
    });
  }
  const [rows = 0, ...rest] = values[0]!.shape;
  const size = tf.util.sizeFromShape([rows, ...rest]);
  const data = new Float32Array(3 * size);
  values.forEach((value, i) =>
    data.set(value instanceof tf.Tensor ? value.dataSync() : value.data, i * size),
  );
  return { shape: [3 * rows, ...rest], data };
}
