// Searches that keep one hypothesis a source: greedy search and sampling differ only in how they choose.
import { criteriaOf, markEnd } from './criteria.ts';
import type { StepDecoder } from './decoder.ts';
import { type SearchNode, type SearchResult, readHypothesis, tokensOf } from './hypothesis.ts';
import type { SearchOptions } from './options.ts';
import { processorsOf } from './processors.ts';
import { Rows } from './rows.ts';

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
export async function* oneByOne<Source, State>(
  decoder: StepDecoder<Source, State>,
  sources: readonly Source[],
  options: SearchOptions,
  choose: Choose,
  reuse = false,
): AsyncGenerator<TokenStep, SearchResult[], void> {
  const processors = processorsOf(options);
  const criteria = criteriaOf(options);
  const trees: SearchNode[][] = sources.map(() => []);
  if (sources.length === 0) return [];
  const rows = await Rows.start(decoder, sources, options, reuse);
  try {
    let owners = sources.map((_, source) => source);
    for (let step = 1; owners.length > 0; step++) {
      if (options.signal?.aborted) break;
      const tokens = Int32Array.from(owners, (source) => trees[source]!.at(-1)?.token ?? rows.first[source]!);
      const { logProbs, attention } = await rows.step(
        tokens,
        (row) => tokensOf(trees[owners[row]!]!, trees[owners[row]!]!.at(-1)),
        processors,
      );
      const steps: TokenStep[] = owners.map((source, row) => {
        const tree = trees[source]!;
        const token = choose(logProbs[row]!, source);
        const logProb = logProbs[row]![token]!;
        const node: SearchNode = {
          id: tree.length,
          parent: tree.length - 1,
          token,
          logProb,
          total: (tree.at(-1)?.total ?? 0) + logProb,
          length: step,
          ...attention(row),
        };
        tree.push(node);
        markEnd(node, criteria, () => tokensOf(tree, node));
        return { source, step, node, logProbs: logProbs[row]! };
      });
      const kept = steps.flatMap(({ node }, row) => (node.end === undefined ? [row] : []));
      await rows.reorder(kept);
      owners = kept.map((row) => owners[row]!);
      yield* steps;
    }
  } finally {
    rows.dispose();
  }
  return trees.map((tree) => {
    const last = tree.at(-1);
    if (last === undefined) return { hypotheses: [], tree };
    last.end ??= { reason: 'stopped', step: last.length };
    return { hypotheses: [readHypothesis(tree, last, 1)], tree };
  });
}

/** Runs a search to its end; `onStep` sees every step. */
export async function drain<Step>(
  search: AsyncGenerator<Step, SearchResult[], void>,
  onStep: ((step: Step) => void) | undefined,
): Promise<SearchResult[]> {
  for (;;) {
    const { done, value } = await search.next();
    if (done) return value;
    onStep?.(value);
  }
}
