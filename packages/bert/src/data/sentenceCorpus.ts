// A corpus as token ids that knows where sentences and documents begin; the ids may stay on disk.
import { DataError } from '@d2lts/core';
import { type TokenSource, tokenSource } from '@d2lts/rnn';

/** A document: its sentences, each a list of token ids. */
export type DocumentIds = readonly ArrayLike<number>[];

/** A span of neighbouring sentences of one document: `first` up to, but without, `end`. */
export interface SentenceSpan {
  document: number;
  first: number;
  end: number;
}

/**
 * Token ids of many documents, one after the other. In memory there are four bytes a sentence and a document; the ids come
 * from a `TokenSource`, which may be a file.
 *
 * @example
 * const corpus = SentenceCorpus.fromDocuments([[[5, 6], [7]], [[8, 9]]]);
 * corpus.read({ document: 0, first: 0, end: 2 }); // Int32Array [5, 6, 7]
 */
export class SentenceCorpus {
  /** Where each sentence begins, and where the last one ends. */
  readonly #sentences: ArrayLike<number>;
  /** The first sentence of each document, and the number of sentences. */
  readonly #documents: ArrayLike<number>;

  /** @throws DataError when the places do not rise from 0 to the number of tokens and sentences */
  constructor(
    readonly tokens: TokenSource,
    sentences: ArrayLike<number>,
    documents: ArrayLike<number>,
  ) {
    checkPlaces('sentences', sentences, tokens.length);
    checkPlaces('documents', documents, sentences.length - 1);
    this.#sentences = sentences;
    this.#documents = documents;
  }

  /** Joins documents in memory; empty sentences and documents are left out. */
  static fromDocuments(documents: Iterable<DocumentIds>): SentenceCorpus {
    const index = new CorpusIndex();
    const ids: number[] = [];
    for (const document of documents)
      for (const sentence of index.add(document))
        for (let i = 0; i < sentence.length; i++) ids.push(sentence[i]!);
    return new SentenceCorpus(tokenSource(ids), index.sentences, index.documents);
  }

  get numSentences(): number {
    return this.#sentences.length - 1;
  }

  get numDocuments(): number {
    return this.#documents.length - 1;
  }

  /** The first sentence of a document, and the one after its last. */
  sentencesOf(document: number): [first: number, end: number] {
    return [this.#documents[document]!, this.#documents[document + 1]!];
  }

  /** Number of tokens from the beginning of sentence `first` to the end of sentence `end − 1`. */
  tokenCount(first: number, end = first + 1): number {
    return this.#sentences[end]! - this.#sentences[first]!;
  }

  /** The ids of neighbouring sentences, at most `limit` of them. */
  read({ first, end }: Pick<SentenceSpan, 'first' | 'end'>, limit = Infinity): Int32Array {
    return this.tokens.read(this.#sentences[first]!, Math.min(limit, this.tokenCount(first, end)));
  }
}

/** Collects where sentences and documents begin while they are written somewhere. */
export class CorpusIndex {
  readonly sentences: number[] = [0];
  readonly documents: number[] = [0];

  /** Takes a document note of; gives its sentences that are not empty. */
  add(document: DocumentIds): ArrayLike<number>[] {
    const kept = document.filter(({ length }) => length > 0);
    for (const { length } of kept) this.sentences.push(this.sentences.at(-1)! + length);
    if (kept.length > 0) this.documents.push(this.sentences.length - 1);
    return kept;
  }
}

function checkPlaces(argument: string, places: ArrayLike<number>, end: number): void {
  let rising = places.length > 0 && places[0] === 0 && places[places.length - 1] === end;
  for (let i = 1; i < places.length && rising; i++) rising = places[i]! > places[i - 1]!;
  if (rising) return;
  throw new DataError({
    operation: 'SentenceCorpus',
    fact: `${argument} must rise from 0 to ${end}`,
    value: places[places.length - 1],
    advice: 'write the corpus again',
    argument,
  });
}
