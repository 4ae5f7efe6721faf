// Weights of the book's Transformer classes under our names, and ours under theirs.
import {
  type StateMap,
  type StateRule,
  type StateValue,
  type TensorDict,
  readForeign,
  rename,
  writeForeign,
} from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

type State = Readonly<Record<string, StateValue>>;

const attention = (book: string, ours: string): StateRule[] => [
  { theirs: ['q', 'k', 'v'].map((part) => `${book}W_${part}.{p}`), ours: [`${ours}in_proj_{p}`] },
  rename(`${book}W_o.{p}`, `${ours}out_proj.{p}`),
];

const block = (book: string, ours: string): StateRule[] => [
  rename(`${book}ffn.dense{i}.{p}`, `${ours}linear{i}.{p}`),
  rename(`${book}addnorm{i}.ln.{p}`, `${ours}norm{i}.{p}`),
];

const encoderBlock = (book: string, ours: string): StateRule[] => [
  ...attention(`${book}attention.`, `${ours}self_attn.`),
  ...block(book, ours),
];

const decoderBlock = (book: string, ours: string): StateRule[] => [
  ...attention(`${book}attention1.`, `${ours}self_attn.`),
  ...attention(`${book}attention2.`, `${ours}multihead_attn.`),
  ...block(book, ours),
];

/** The whole encoder-decoder; the book's decoder blocks too are called `block{n}`. */
const whole: StateRule[] = [
  rename('encoder.embedding.weight', 'source_embedding.weight'),
  rename('decoder.embedding.weight', 'target_embedding.weight'),
  ...encoderBlock('encoder.blks.block{n}.', 'encoder.layers.{n}.'),
  ...decoderBlock('decoder.blks.block{n}.', 'decoder.layers.{n}.'),
  rename('decoder.dense.{p}', 'output.{p}'),
];

/** `MultiHeadAttention`, `EncoderBlock` and `TransformerEncoder` alone. */
const parts: StateRule[] = [
  ...attention('', ''),
  ...encoderBlock('', ''),
  ...encoderBlock('blks.block{n}.', 'encoder.layers.{n}.'),
];

const map = (rules: StateRule[]): StateMap => ({
  of: "the book's Transformer",
  rules,
  keepOthers: true,
  older: [[/\bblks\.(\d+)\./, 'blks.block$1.']],
});

/**
 * A state dict of the book's `MultiHeadAttention`, `EncoderBlock`, `DecoderBlock`, `TransformerEncoder` or whole
 * encoder-decoder (sections 10.5 and 10.7) under the names of our `MultiHeadAttention`, `EncoderBlock`, `DecoderBlock`,
 * `EncoderOnlyTransformer` and `Transformer`: `W_q`, `W_k` and `W_v` become one packed projection.
 * Other names stay.
 *
 * @example
 * model.loadStateDict(fromBookState(await readSafetensors('book.safetensors')));
 * @throws DataError when one of the three projections is missing
 */
export function fromBookState(state: State): Record<string, StateValue> {
  return mapped(state, (given) =>
    readForeign('fromBookState', map([...whole, ...parts, ...decoderBlock('', '')]), given),
  );
}

/** The other way: `model.ownState()` under the book's names. */
export function toBookState(state: State): Record<string, StateValue> {
  const decoder = Object.keys(state).some((name) => name.startsWith('multihead_attn.'));
  const rules = decoder ? decoderBlock('', '') : 'source_embedding.weight' in state ? whole : parts;
  return mapped(state, (given) => writeForeign('toBookState', map(rules), given));
}

/** Maps tensors, and gives their values: nothing is left to dispose. */
function mapped(state: State, convert: (given: TensorDict) => TensorDict): Record<string, StateValue> {
  const values: Record<string, StateValue> = {};
  tf.tidy(() => {
    const given: TensorDict = {};
    for (const [name, value] of Object.entries(state))
      given[name] = value instanceof tf.Tensor ? value : tf.tensor(value.data, [...value.shape]);
    for (const [name, tensor] of Object.entries(convert(given)))
      values[name] = { shape: tensor.shape, data: tensor.dataSync() };
  });
  return values;
}
