// The GRU encoder-decoder as search sees it.
import * as tf from '@tensorflow/tfjs-core';
import { checkTokens } from '../checks.ts';
import type { StepDecoder, StepResult } from '../search/decoder.ts';
import { evaluating } from '../search/evaluating.ts';
import { readScores } from '../search/logProbs.ts';
import { moveRows, padSources } from '../search/rowTensors.ts';
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
    return evaluating(this.model, () => {
      const { ids, lengths } = padSources(sources, this.model.config.padId);
      return this.model.encode({ source: ids, sourceLens: lengths });
    });
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
    return moveRows(indices, (move) => ({ state: move(old.state, 1), context: move(old.context) }));
  }

  dispose({ state, context }: Seq2SeqState): void {
    tf.dispose([state, context]);
  }
}
