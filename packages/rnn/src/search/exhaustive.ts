// Exhaustive search: every sequence, for vocabularies small enough (the book's section 9.8.2).
import { ValueError } from '@d2lts/core';
import { checkInteger } from '../checks.ts';
import type { StepDecoder } from './decoder.ts';
import type { SearchResult } from './hypothesis.ts';
import { type LengthPenalty, checkLengthPenalty, lengthDivisor } from './lengthPenalty.ts';
import { type SearchOptions, checkOptions, sourceOptions } from './options.ts';
import { type Continuation, drain, run } from './run.ts';
import type { SourceSearch } from './sourceSearch.ts';

/** Options of exhaustive search. */
export interface ExhaustiveOptions extends SearchOptions {
  /** How many hypotheses a source gives; default 1. */
  nBest?: number;
  /** Exponent of the length normalisation; default 0.75. */
  alpha?: number;
  /** Form of the length normalisation; default `power`. */
  lengthPenalty?: LengthPenalty;
}

const mostSequences = 1_000_000;

/** The best of all sequences of up to `maxLength` tokens. @throws ValueError when there are more than a million */
export async function exhaustiveSearch<Source, State>(
  decoder: StepDecoder<Source, State>,
  sources: readonly Source[],
  options: ExhaustiveOptions,
): Promise<SearchResult[]> {
  const operation = 'exhaustiveSearch';
  checkOptions(operation, options, ['nBest', 'alpha', 'lengthPenalty'], decoder, sources.length);
  const { nBest = 1, alpha = 0.75, lengthPenalty = 'power' } = options;
  checkInteger(operation, 'nBest', nBest, 1);
  checkLengthPenalty(operation, { alpha, lengthPenalty });
  const results: SearchResult[] = [];
  for (const [i, source] of sources.entries()) {
    const { maxLength, prefix, ...shared } = sourceOptions(options, i);
    checkCount(operation, decoder.vocabSize ** maxLength);
    const search = run(
      decoder,
      [source],
      { ...shared, maxLength, prefixes: [prefix] },
      {
        divisor: (length) => lengthDivisor(lengthPenalty, alpha, length),
        nBest,
        expand,
      },
    );
    results.push(...(await drain(search)));
  }
  return results;
}

/** Adds every token that may follow. */
function expand(search: SourceSearch, rows: readonly Continuation[]): void {
  for (const { node, logProbs } of rows)
    logProbs.forEach((logProb, token) => {
      if (logProb > -Infinity) search.add(search.next(node, token, logProb));
    });
}

function checkCount(operation: string, sequences: number): void {
  if (sequences <= mostSequences) return;
  throw new ValueError({
    operation,
    fact: `vocabSize^maxLength must be at most ${mostSequences}`,
    value: sequences,
    advice: 'use beamSearch',
    argument: 'maxLength',
  });
}
