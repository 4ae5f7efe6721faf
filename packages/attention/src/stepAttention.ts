// How one decoding step attends: weights kept while it runs, as far as they are asked for, and read afterwards.
import type { SearchDecoderOptions, StepMaps, StepResult } from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';

/** Collects the weights of one step's layers. */
export class StepAttention {
  /** [rows, heads, keys] of each layer that was asked. */
  private readonly kept: Record<keyof StepMaps, tf.Tensor[]> = { cross: [], self: [] };

  /** @param main what `StepResult.attention` is the mean of: the heads of this kind in the last layer */
  constructor(
    private readonly wanted: SearchDecoderOptions['attention'],
    private readonly layers: number,
    private readonly main: keyof StepMaps,
  ) {}

  /** What takes the weights `[rows, heads, 1, keys]` of a layer; nothing where nobody asked. */
  of(kind: keyof StepMaps, layer: number): ((weights: tf.Tensor) => void) | undefined {
    const isMain = kind === this.main && layer === this.layers - 1;
    if (this.wanted !== 'all' && !(this.wanted && isMain)) return undefined;
    return (weights) => void this.kept[kind].push(tf.keep(tf.squeeze(weights, [2])));
  }

  /** The part of a step's result that is about attention; the kept weights are gone afterwards. */
  async read(): Promise<Pick<StepResult<unknown>, 'attention' | 'maps'>> {
    const last = this.kept[this.main].at(-1);
    if (last === undefined) return {};
    const [rows, , keys] = last.shape as [number, number, number];
    const attention = { weights: await take(tf.mean(last, 1)), keys };
    const maps: StepMaps[] = Array.from({ length: rows }, () => ({}));
    for (const kind of ['cross', 'self'] as const) {
      const layers = this.kept[kind].map((weights) => splitRows(weights));
      for (const read of await Promise.all(layers))
        read.forEach((heads, row) => (maps[row]![kind] ??= []).push(heads));
    }
    return this.wanted === 'all' ? { attention, maps } : { attention };
  }
}

/** `[row][head]` of weights [rows, heads, keys]; the tensor is gone afterwards. */
async function splitRows(weights: tf.Tensor): Promise<Float32Array[][]> {
  const [rows, heads, keys] = weights.shape as [number, number, number];
  const values = await take(weights);
  const head = (at: number) => values.slice(at * keys, (at + 1) * keys);
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: heads }, (__, i) => head(row * heads + i)),
  );
}

/** The tensor's values; the tensor is gone afterwards. */
async function take(tensor: tf.Tensor): Promise<Float32Array> {
  const values = (await tensor.data()) as Float32Array;
  tensor.dispose();
  return values;
}
