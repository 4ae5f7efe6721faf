// The Time Machine as the book loads it (sections 8.2 and 8.3).
import { type LocateOptions, loadText } from '@d2lts/core';
import { type Corpus, loadCorpus } from './corpus.ts';
import { SeqDataLoader, type SeqDataLoaderOptions } from './seqDataLoader.ts';
import type { Vocab } from './vocab.ts';

/** The book's lines of letters only (`read_time_machine`). @throws DataError when it cannot be found */
export { loadTimeMachineLines as readTimeMachine } from '@d2lts/core';

/** The whole text as token indices (`load_corpus_time_machine`). @throws DataError when it cannot be found */
export async function loadCorpusTimeMachine(
  options: LocateOptions & { unit?: 'word' | 'char'; maxTokens?: number } = {},
): Promise<Corpus> {
  const { text } = await loadText('time-machine', options);
  return loadCorpus(text, options);
}

/** A loader over its first `maxTokens` characters, 10,000 by default, and the vocabulary (`load_data_time_machine`). */
export async function loadDataTimeMachine({
  maxTokens = 10_000,
  ...options
}: LocateOptions & SeqDataLoaderOptions & { maxTokens?: number }): Promise<{
  loader: SeqDataLoader;
  vocab: Vocab;
}> {
  const { corpus, vocab } = await loadCorpusTimeMachine({ ...options, maxTokens });
  return { loader: new SeqDataLoader(corpus, options), vocab };
}
