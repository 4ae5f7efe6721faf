// Cuts documents into runs of sentences that fill an input sequence.
import { ValueError } from '@d2lts/core';
import type { SentenceCorpus, SentenceSpan } from './sentenceCorpus.ts';

/**
 * Runs of neighbouring sentences of one document, each as long as fits into `maxTokens`; a sentence that is longer makes
 * a run of its own. No sentence is in two runs, none is left out.
 *
 * Source: J. Devlin et al., "BERT" (2018), appendix A.2; Y. Liu et al. (https://arxiv.org/abs/1907.11692), "full sentences"
 * within documents.
 */
export function packSentences(corpus: SentenceCorpus, maxTokens: number): SentenceSpan[] {
  if (!Number.isInteger(maxTokens) || maxTokens < 1)
    throw new ValueError({
      operation: 'packSentences',
      fact: 'maxTokens must be a positive integer',
      value: maxTokens,
      argument: 'maxTokens',
    });
  const spans: SentenceSpan[] = [];
  for (let document = 0; document < corpus.numDocuments; document++) {
    const [begin, stop] = corpus.sentencesOf(document);
    let first = begin;
    for (let end = begin + 1; end <= stop; end++) {
      if (end < stop && corpus.tokenCount(first, end + 1) <= maxTokens) continue;
      spans.push({ document, first, end });
      first = end;
    }
  }
  return spans;
}
