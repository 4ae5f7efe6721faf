// The loop that all searches share: score what lives, let each source's search expand, reorder the rows.
import type { StepDecoder } from './decoder.ts';
import type { SearchNode, SearchResult } from './hypothesis.ts';
import { type SearchOptions, sourceOptions } from './options.ts';
import { Rows, type ScoredRow } from './rows.ts';
import { SourceSearch } from './sourceSearch.ts';

/** A living hypothesis with the log-probabilities of its next token, after the rules. */
export interface Continuation extends ScoredRow {
  /** Its last node; none before the first token. */
  node: SearchNode | undefined;
}

/** In what the searches differ. */
export interface SearchKind<Step> {
  /** Adds nodes after the living ones, which are `rows` now; returns what observers are told. */
  expand(search: SourceSearch, rows: readonly Continuation[], step: number): Step;
  /** What a hypothesis's log-probability is divided by; 1 by default. */
  divisor?: (length: number) => number;
  /** How many hypotheses a source gives; default 1. */
  nBest?: number;
  /** Whether nobody keeps a step's scores when the next begins; default true. */
  reuse?: boolean;
}

/** Yields each source's step, returns the results. */
export async function* run<Source, State, Step>(
  decoder: StepDecoder<Source, State>,
  sources: readonly Source[],
  options: SearchOptions,
  { expand, divisor = () => 1, nBest = 1, reuse = true }: SearchKind<Step>,
): AsyncGenerator<Step, SearchResult[], void> {
  const searches = sources.map((_, source) => new SourceSearch(source, sourceOptions(options, source)));
  if (sources.length === 0) return [];
  const rows = await Rows.start(decoder, sources, options, reuse);
  try {
    for (let step = 1; searches.some(({ living }) => living.length > 0); step++) {
      if (options.signal?.aborted) {
        for (const search of searches) search.stop();
        break;
      }
      const fed = searches.flatMap(({ source, living }) =>
        living.map((node) => node?.token ?? rows.first[source]!),
      );
      const scored = await rows.step(Int32Array.from(fed));
      const origins: number[] = [];
      const steps: Step[] = [];
      let row = 0;
      for (const search of searches) {
        const before = search.living;
        const rowOf = new Map(before.map((node) => [node?.id ?? -1, row++]));
        const going: Continuation[] = [];
        for (const node of before) {
          const next = scored[rowOf.get(node?.id ?? -1)!]!;
          if (search.restrict(node, next.logProbs)) going.push({ node, ...next });
          else if (node !== undefined) search.finish(node, { reason: 'noToken', step });
        }
        search.living = [];
        if (going.length > 0) steps.push(expand(search, going, step));
        for (const node of search.living) origins.push(rowOf.get(node!.parent)!);
      }
      await rows.reorder(origins);
      yield* steps;
    }
  } finally {
    rows.dispose();
  }
  return searches.map((search) => search.result(divisor, nBest));
}

/** Runs a search to its end; `onStep` sees every step. */
export async function drain<Step, Result>(
  search: AsyncGenerator<Step, Result, void>,
  onStep?: (step: Step) => void,
): Promise<Result> {
  for (;;) {
    const { done, value } = await search.next();
    if (done) return value;
    onStep?.(value);
  }
}
