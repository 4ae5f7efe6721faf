// The GRU encoder-decoder as search sees it.
import * as tf from '@tensorflow/tfjs-core';
import { checkTokens } from '../checks.ts';
import type { StepDecoder, StepResult } from '../search/decoder.ts';
import { evaluating } from '../search/evaluating.ts';
import { readScores } from '../search/logProbs.ts';
import type { Seq2Seq } from './seq2seq.ts';
import type { Seq2SeqState } from './seq2seqDecoder.ts';

/** Step-by-step decoding without dropout; batched over sources and hypotheses. A state's tensors belong to it. */
export class Seq2SeqSearch implements StepDecoder<readonly number[], Seq2SeqState> {
  readonly vocabSize: number;

  constructor(private readonly model: Seq2Seq) {
    this.vocabSize = model.targetVocabSize;
  }

  start(sources: readonly (readonly number[])[]): Seq2SeqState {
    for (const source of sources)
      checkTokens('Seq2SeqSearch', 'sources', source, this.model.config.vocabSize);
    const steps = Math.max(1, ...sources.map((source) => source.length));
    const ids = new Int32Array(sources.length * steps).fill(this.model.config.padId ?? 0);
    sources.forEach((source, row) => ids.set(source, row * steps));
    const lengths = Int32Array.from(sources, (source) => source.length);
    return evaluating(this.model, () =>
      this.model.encode({
        source: tf.tensor2d(ids, [sources.length, steps], 'int32'),
        sourceLens: tf.tensor1d(lengths, 'int32'),
      }),
    );
  }

  async step(
    before: Seq2SeqState,
    tokens: Int32Array,
    scores?: Float32Array,
  ): Promise<StepResult<Seq2SeqState>> {
    const { logits, state } = evaluating(this.model, () => {
      const input = tf.tensor2d(tokens, [tokens.length, 1], 'int32');
      const { logits, state } = this.model.decoder.forward(input, before);
      return { logits, state: state.state };
    });
    before.state.dispose();
    return { ...(await readScores(logits, scores)), state: { state, context: before.context } };
  }

  reorder(old: Seq2SeqState, indices: Int32Array): Seq2SeqState {
    const moved = tf.tidy(() => {
      const rows = tf.tensor1d(indices, 'int32');
      return { state: tf.gather(old.state, rows, 1), context: tf.gather(old.context, rows) };
    });
    this.dispose(old);
    return moved;
  }

  dispose({ state, context }: Seq2SeqState): void {
    tf.dispose([state, context]);
  }
}
