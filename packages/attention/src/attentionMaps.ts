// All attention weights of a model over a given text, layer by layer and head by head, from one pass.
import { type TranslationModel, evaluating } from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import { Bahdanau } from './bahdanau/index.ts';
import { DecoderOnlyTransformer, Transformer } from './transformer/index.ts';

/** The weights of one kind of attention, `[layer][head][query][key]`; a query's weights sum to 1. */
export interface AttentionMap {
  /** `cross`: target to source; `source` and `target`: within each; `self`: within the text of a language model. */
  kind: 'cross' | 'source' | 'target' | 'self';
  layers: number[][][][];
}

/**
 * How a translation model attends while it says a given target (forced decoding). A Transformer has all three kinds,
 * Bahdanau's model one head of `cross`, a model without attention none.
 *
 * @param target the tokens said, the end token included if wanted; query i of `cross` and `target` is the step that
 * says token i, and key i of `target` what was fed to it: `bos`, then the tokens before.
 *
 * @example
 * const maps = await translationAttention(translator.model, source, [...target, eos], bos);
 * maps.find(({ kind }) => kind === 'cross')?.layers[0]![2]; // the third head of the first layer, [target][source]
 */
export function translationAttention(
  model: TranslationModel,
  source: readonly number[],
  target: readonly number[],
  bos: number,
): Promise<AttentionMap[]> {
  if (source.length === 0 || target.length === 0) return Promise.resolve([]);
  const ids = () => tf.tensor2d([[...source]], undefined, 'int32');
  const input = () => tf.tensor2d([[bos, ...target.slice(0, -1)]], undefined, 'int32');
  if (model instanceof Transformer)
    return collect(model, (keep) => {
      const memory = model.encode(ids(), { onWeights: keep('source') });
      model.decode(input(), memory, { onWeights: keep('cross'), onSelfWeights: keep('target') });
    });
  if (model instanceof Bahdanau)
    return collect(model, (keep) => {
      const memory = model.encode({ source: ids(), sourceLens: tf.tensor1d([source.length], 'int32') });
      const steps: tf.Tensor[] = [];
      model.decoder.forward(input(), memory, { onWeights: (weights) => steps.push(weights) }); // [1, 1, keys] each
      keep('cross')(tf.expandDims(tf.concat(steps, 1), 1));
    });
  return Promise.resolve([]);
}

/** How a decoder-only Transformer attends within a text: query i is the step that reads token i. */
export function selfAttention(
  model: DecoderOnlyTransformer,
  tokens: readonly number[],
): Promise<AttentionMap[]> {
  if (tokens.length === 0) return Promise.resolve([]);
  return collect(
    model,
    (keep) => void model.forward(tf.tensor2d([[...tokens]], undefined, 'int32'), { onWeights: keep('self') }),
  );
}

/** Runs a model in evaluation mode and reads the weights `[1, heads, queries, keys]` that are kept on the way. */
async function collect(
  model: Parameters<typeof evaluating>[0],
  run: (keep: (kind: AttentionMap['kind']) => (weights: tf.Tensor) => void) => void,
): Promise<AttentionMap[]> {
  const kept = new Map<AttentionMap['kind'], tf.Tensor[]>();
  evaluating(model, () =>
    run((kind) => (weights) => void kept.set(kind, [...(kept.get(kind) ?? []), tf.keep(weights)])),
  );
  const maps: AttentionMap[] = [];
  for (const [kind, layers] of [...kept].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const values = (await Promise.all(layers.map((weights) => weights.array()))) as number[][][][][];
    maps.push({ kind, layers: values.map(([weights]) => weights!) });
    tf.dispose(layers);
  }
  return maps;
}
