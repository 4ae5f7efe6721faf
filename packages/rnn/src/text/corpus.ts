// A text as one long list of token indices (section 8.2).
import { cleanLines, tokenize } from './tokenize.ts';
import { Vocab } from './vocab.ts';

/** A text as token indices with the vocabulary that reads them. */
export interface Corpus {
  corpus: number[];
  vocab: Vocab;
}

/** All of a text as one list of token indices (the book's `load_corpus_time_machine`; characters by default). */
export function loadCorpus(
  text: string,
  { unit = 'char', maxTokens = Infinity }: { unit?: 'word' | 'char'; maxTokens?: number } = {},
): Corpus {
  const tokens = tokenize(cleanLines(text), unit);
  const vocab = new Vocab(tokens);
  const corpus = tokens.flat().slice(0, maxTokens === Infinity ? undefined : maxTokens);
  return { corpus: vocab.indices(corpus), vocab };
}
