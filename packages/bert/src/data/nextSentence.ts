// Examples for next sentence prediction: pairs that follow each other in a text, or do not.
import { type Rng, DataError } from '@d2lts/core';
import { type TokensAndSegments, tokensAndSegments } from './segments.ts';

/** A paragraph: its sentences, each a list of tokens. */
export type Paragraph = readonly (readonly string[])[];

/** One input sequence and whether its second sentence follows the first in the text. */
export interface NextSentenceExample extends TokensAndSegments {
  isNext: boolean;
}

/**
 * For every two neighbouring sentences of a paragraph, one example: with probability ½ the true next sentence,
 * otherwise a random sentence of a random paragraph. Pairs longer than `maxLength` with their three special tokens
 * are left out.
 *
 * Source: the book's BERT data set (`_get_nsp_data_from_paragraph`).
 *
 * @throws DataError when there is no paragraph to draw sentences from.
 */
export function nextSentenceExamples(
  paragraph: Paragraph,
  paragraphs: readonly Paragraph[],
  { maxLength, rng }: { maxLength: number; rng: Rng },
): NextSentenceExample[] {
  if (!paragraphs.some((p) => p.length > 0))
    throw new DataError({
      operation: 'nextSentenceExamples',
      fact: 'paragraphs must hold at least one sentence',
      value: paragraphs.length,
      argument: 'paragraphs',
    });
  const examples: NextSentenceExample[] = [];
  for (let i = 0; i + 1 < paragraph.length; i++) {
    const isNext = rng.bernoulli(0.5);
    const first = paragraph[i]!;
    const second = isNext ? paragraph[i + 1]! : randomSentence(paragraphs, rng);
    if (first.length + second.length + 3 > maxLength) continue;
    examples.push({ ...tokensAndSegments(first, second), isNext });
  }
  return examples;
}

function randomSentence(paragraphs: readonly Paragraph[], rng: Rng): readonly string[] {
  for (;;) {
    const paragraph = paragraphs[rng.integer(0, paragraphs.length)]!;
    if (paragraph.length > 0) return paragraph[rng.integer(0, paragraph.length)]!;
  }
}
