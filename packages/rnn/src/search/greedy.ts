// Greedy search: the likeliest token at each step (the book's section 9.8.1).
import type { StepDecoder } from './decoder.ts';
import type { SearchResult } from './hypothesis.ts';
import { argmax } from './logProbs.ts';
import { type TokenStep, oneByOne } from './oneByOne.ts';
import { type SearchOptions, checkOptions } from './options.ts';
import { drain } from './run.ts';

/** Greedy search as an async iterator over tokens. */
export function greedySteps<Source, State>(
  decoder: StepDecoder<Source, State>,
  sources: readonly Source[],
  options: SearchOptions,
): AsyncGenerator<TokenStep, SearchResult[], void> {
  return greedy(decoder, sources, options, false);
}

/** Greedy search to its end. `onStep` sees every token. */
export async function greedySearch<Source, State>(
  decoder: StepDecoder<Source, State>,
  sources: readonly Source[],
  options: SearchOptions,
  onStep?: (step: TokenStep) => void,
): Promise<SearchResult[]> {
  return drain(greedy(decoder, sources, options, onStep === undefined), onStep);
}

function greedy<Source, State>(
  decoder: StepDecoder<Source, State>,
  sources: readonly Source[],
  options: SearchOptions,
  reuse: boolean,
): AsyncGenerator<TokenStep, SearchResult[], void> {
  checkOptions('greedySearch', options, [], decoder, sources.length);
  return oneByOne(decoder, sources, options, argmax, reuse);
}
