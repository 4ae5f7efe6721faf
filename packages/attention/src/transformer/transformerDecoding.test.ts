// Decoding with a key-value cache against decoding without, and batches against single sentences, for every kind of positions.
import { Rng, useBackend } from '@d2lts/core';
import { type StepDecoder, beamSearch, greedySearch } from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Transformer, type TransformerConfig } from './transformer.ts';

const sizes = {
  vocabSize: 11,
  dim: 16,
  numHeads: 2,
  ffnDim: 24,
  encoderLayers: 2,
  decoderLayers: 2,
  maxLen: 12,
};
const variants: [name: string, config: Partial<TransformerConfig>][] = (
  ['sinusoidal', 'learned', 'rotary'] as const
).flatMap((positions) => [
  [`${positions}, ReLU, pre-norm, tied`, { positions, activation: 'relu', outputBias: true }],
  [
    `${positions}, SwiGLU, post-norm, untied`,
    { positions, activation: 'swiglu', normFirst: false, tiedEmbeddings: false, attentionBias: false },
  ],
]);
const sources = [[3, 4, 5, 6, 7], [8], [9, 3, 3]];
const options = { bos: 1, eos: 2, maxLength: 8 };

beforeAll(async () => {
  await useBackend();
});

/** Larger weights than at the start of a training, so that translations differ. */
function build(config: Partial<TransformerConfig>): Transformer {
  const model = new Transformer({ ...sizes, ...config }, { rng: new Rng(1) });
  tf.tidy(() => {
    for (const weight of model.parameters()) if (weight.rank === 2) weight.assign(tf.mul(weight, 3));
  });
  return model;
}

describe.each(variants)('Transformer (%s)', (_, config) => {
  it('decodes with a cache as it does without, alone as in a batch, and frees all of it', async () => {
    const model = build(config);
    await greedySearch(model.searchDecoder(), sources, options); // makes the tables of positions
    const tensors = tf.memory().numTensors;
    const beam = { ...options, beamSize: 3 };
    const together = await beamSearch(model.searchDecoder({ attention: true }), sources, beam);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(model.training).toBe(true);
    model.eval();
    const plain = await beamSearch(new Uncached(model), sources, beam);
    for (const [i, source] of sources.entries()) {
      const best = together[i]!.hypotheses[0]!;
      const [alone] = await beamSearch(model.searchDecoder(), [source], beam);
      for (const other of [plain[i]!, alone!]) {
        expect(best.tokens).toEqual(other.hypotheses[0]!.tokens);
        expect(best.score).toBeCloseTo(other.hypotheses[0]!.score, 4);
      }
    }
    expect(new Set(together.map(({ hypotheses }) => hypotheses[0]!.tokens.join(' '))).size).toBeGreaterThan(
      1,
    );
    model.dispose();
  });
});

/** Decodes by running the whole target again at every step. */
class Uncached implements StepDecoder<readonly number[], { source: readonly number[]; target: number[] }[]> {
  readonly vocabSize: number;

  constructor(private readonly model: Transformer) {
    this.vocabSize = model.targetVocabSize;
  }

  start(sources: readonly (readonly number[])[]) {
    return sources.map((source) => ({ source, target: [] as number[] }));
  }

  step(state: { source: readonly number[]; target: number[] }[], tokens: Int32Array) {
    const next = state.map(({ source, target }, row) => ({ source, target: [...target, tokens[row]!] }));
    const logits = new Float32Array(next.length * this.vocabSize);
    next.forEach(({ source, target }, row) => {
      const values = tf.tidy(() => {
        const all = this.model.forward({
          source: tf.tensor2d([[...source]], undefined, 'int32'),
          sourceLens: tf.tensor1d([source.length], 'int32'),
          input: tf.tensor2d([target], undefined, 'int32'),
        });
        return all.dataSync().slice(-this.vocabSize);
      });
      logits.set(values, row * this.vocabSize);
    });
    return { logits, state: next };
  }

  reorder(state: { source: readonly number[]; target: number[] }[], indices: Int32Array) {
    return Array.from(indices, (index) => state[index]!);
  }
}
