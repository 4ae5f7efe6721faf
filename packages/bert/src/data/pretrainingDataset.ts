// Pretraining examples drawn from a corpus: one or two texts between special tokens, some tokens hidden.
import { type Dataset, type Rng, DataError, ValueError } from '@d2lts/core';
import { type MaskOptions, maskTokens } from './maskTokens.ts';
import { packSentences } from './packSentences.ts';
import type { PretrainingExample } from './pretrainingBatch.ts';
import type { SentenceCorpus, SentenceSpan } from './sentenceCorpus.ts';

/** Options of {@link PretrainingDataset}. */
export interface PretrainingDatasetOptions extends Pick<MaskOptions, 'probability' | 'startsWord'> {
  /** Longest sequence, special tokens included. */
  maxLength: number;
  vocabSize: number;
  /** Ids of the special tokens. */
  special: { cls: number; sep: number; mask: number; pad: number };
  /** Two texts, half of which do not belong together; false packs one text as full as it gets. Default true. */
  nextSentence?: boolean;
  /** Draws splits, wrong second texts and masks anew each time an example is asked for; keep its state in checkpoints. */
  rng: Rng;
}

/**
 * One example a packed run of sentences. With `nextSentence` a run is cut between two of its sentences; half of the
 * time its second part gives way to sentences of another document. Masks are dynamic: another time, others.
 *
 * Source: J. Devlin et al., "BERT" (2018), section 3.1; Y. Liu et al. (https://arxiv.org/abs/1907.11692), dynamic masking.
 *
 * @throws DataError when next sentences are wanted of fewer than two documents
 */
export class PretrainingDataset implements Dataset<PretrainingExample> {
  readonly spans: readonly SentenceSpan[];
  readonly #options: PretrainingDatasetOptions;

  constructor(
    readonly corpus: SentenceCorpus,
    options: PretrainingDatasetOptions,
  ) {
    const { maxLength, nextSentence = true } = options;
    const shortest = nextSentence ? 5 : 3;
    if (!Number.isInteger(maxLength) || maxLength < shortest)
      throw new ValueError({
        operation: 'PretrainingDataset',
        fact: `maxLength must be an integer of at least ${shortest}`,
        value: maxLength,
        argument: 'maxLength',
      });
    if (nextSentence && corpus.numDocuments < 2)
      throw new DataError({
        operation: 'PretrainingDataset',
        fact: 'next sentences need at least two documents',
        value: corpus.numDocuments,
        advice: 'separate documents by empty lines or files, or set nextSentence to false',
        argument: 'corpus',
      });
    this.#options = options;
    this.spans = packSentences(corpus, maxLength - (nextSentence ? 3 : 2));
  }

  get length(): number {
    return this.spans.length;
  }

  get(index: number): PretrainingExample {
    const { special, rng, nextSentence = true } = this.#options;
    const { first, second, isNext } = nextSentence ? this.#pair(index) : this.#single(index);
    const ids = [special.cls, ...first, special.sep];
    const segments = ids.map(() => 0);
    if (second !== undefined) {
      for (const id of second) ids.push(id);
      ids.push(special.sep);
      while (segments.length < ids.length) segments.push(1);
    }
    const masked = maskTokens(ids, {
      ...this.#options,
      maskId: special.mask,
      specialIds: [special.cls, special.sep, special.pad],
      rng,
    });
    return { ...masked, segments, isNext };
  }

  #single(index: number): { first: Int32Array; second?: undefined; isNext: boolean } {
    return { first: this.corpus.read(this.spans[index]!, this.#options.maxLength - 2), isNext: true };
  }

  #pair(index: number): { first: Int32Array; second: Int32Array; isNext: boolean } {
    const { rng, maxLength } = this.#options;
    const { corpus } = this;
    const span = this.spans[index]!;
    const room = maxLength - 3;
    const sentences = span.end - span.first;
    const cut = span.first + (sentences > 1 ? rng.integer(1, sentences) : 1);
    const isNext = sentences > 1 && rng.bernoulli(0.5);
    const first = corpus.read({ first: span.first, end: cut }, room - 1); // leaves a token to the second text
    const second = isNext ? { first: cut, end: span.end } : this.#elsewhere(span.document);
    return { first, second: corpus.read(second, room - first.length), isNext };
  }

  /** A run of another document, from one of its sentences on. */
  #elsewhere(document: number): SentenceSpan {
    const { rng } = this.#options;
    for (;;) {
      const span = this.spans[rng.integer(0, this.spans.length)]!;
      if (span.document === document) continue;
      return { ...span, first: rng.integer(span.first, span.end) };
    }
  }
}
