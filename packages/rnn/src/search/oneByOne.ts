// Searches that keep one hypothesis a source: greedy search and sampling differ only in how they choose.
import type { StepDecoder } from './decoder.ts';
import type { SearchNode, SearchResult } from './hypothesis.ts';
import type { SearchOptions } from './options.ts';
import { run } from './run.ts';

/** A token that was just produced for one source. */
export interface TokenStep {
  source: number;
  /** Counts from 1. */
  step: number;
  node: SearchNode;
  /** Log-probabilities of all tokens at this step, after the processors. */
  logProbs: Float32Array;
}

/** Chooses the next token of a row. */
export type Choose = (logProbs: Float32Array, source: number) => number;

/**
 * Yields every token as it is produced, returns the results.
 *
 * @param reuse Whether nobody keeps the `logProbs` of a step when the next begins.
 */
export function oneByOne<Source, State>(
  decoder: StepDecoder<Source, State>,
  sources: readonly Source[],
  options: SearchOptions,
  choose: Choose,
  reuse: boolean,
): AsyncGenerator<TokenStep, SearchResult[], void> {
  return run<Source, State, TokenStep>(decoder, sources, options, {
    reuse,
    expand: (search, [row], step) => {
      const { node: parent, logProbs, attention } = row!;
      const token = choose(logProbs, search.source);
      const node = Object.assign(search.next(parent, token, logProbs[token]!), attention());
      search.add(node);
      return { source: search.source, step, node, logProbs };
    },
  });
}
