// A language model over a cell that is written out by hand (the book's section 8.5).
import { Module, type Rng } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkInteger } from '../checks.ts';
import {
  type LanguageModelState,
  type RecurrentLanguageModel,
  stateTensors,
} from '../languageModel/languageModel.ts';
import { LanguageModelSearch } from '../languageModel/languageModelSearch.ts';
import type { StepDecoder } from '../search/decoder.ts';
import type { Params, ScratchCell } from './scratchCell.ts';

/**
 * The book's `RNNModelScratch`: one-hot tokens into a cell. Slow and readable; `RNNModel` is the one for real work.
 *
 * @example
 * const model = new RNNModelScratch(28, 512, gruScratch, { rng: new Rng(1) });
 */
export class RNNModelScratch extends Module implements RecurrentLanguageModel {
  readonly params: Params;

  /** @throws ValueError for sizes below 1 */
  constructor(
    readonly vocabSize: number,
    readonly numHiddens: number,
    readonly cell: ScratchCell,
    { rng }: { rng: Rng },
  ) {
    super();
    for (const [name, size] of Object.entries({ vocabSize, numHiddens }))
      checkInteger('RNNModelScratch', name, size, 1);
    this.params = cell.getParams(vocabSize, numHiddens, rng);
  }

  forward(ids: tf.Tensor, state?: LanguageModelState): [logits: tf.Tensor, state: LanguageModelState] {
    const [batch] = ids.shape as [number, number];
    const X = tf.oneHot(ids, this.vocabSize, 1, 0, 'float32'); // [batch, steps, vocabulary]
    const first = stateTensors(state ?? this.beginState(batch)).map((tensor) => tf.squeeze(tensor, [0]));
    const [outputs, last] = this.cell.forward(tf.unstack(X, 1), first, this.params);
    const [h, c] = last.map((tensor) => tf.expandDims(tensor, 0)); // [1, batch, hidden]
    return [tf.stack(outputs, 1), c === undefined ? { h: h! } : { h: h!, c }];
  }

  beginState(batch: number): LanguageModelState {
    const zeros = this.cell.initState(batch, this.numHiddens);
    const [h, c] = zeros.map((tensor) => tf.expandDims(tensor, 0));
    tf.dispose(zeros);
    return c === undefined ? { h: h! } : { h: h!, c };
  }

  /** The model as search sees it; a source is a prompt of at least one token. */
  searchDecoder(): StepDecoder<readonly number[], LanguageModelState> {
    return new LanguageModelSearch(this);
  }
}
