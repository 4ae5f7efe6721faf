// Beam search over any step decoder, batched over sources, observable step by step (the book's section 9.8).
import { checkInteger, checkNumber, checkOneOf } from '../checks.ts';
import type { StepDecoder } from './decoder.ts';
import type { SearchNode, SearchResult } from './hypothesis.ts';
import { type LengthPenalty, checkLengthPenalty, lengthDivisor } from './lengthPenalty.ts';
import { type SearchOptions, checkOptions } from './options.ts';
import { type Continuation, drain, run } from './run.ts';
import type { SourceSearch } from './sourceSearch.ts';
import { TopCandidates } from './topCandidates.ts';

/** Options of beam search. */
export interface BeamOptions extends SearchOptions {
  /** Hypotheses that are alive at a time; default 5. 1 is greedy search. */
  beamSize?: number;
  /** How many hypotheses a source gives, at most `beamSize`; default 1. */
  nBest?: number;
  /** Exponent of the length normalisation; 0: none. Default 0.75, as in the book. */
  alpha?: number;
  /** Form of the length normalisation; default `power`. */
  lengthPenalty?: LengthPenalty;
  /**
   * When a source is done: `count`, once `beamSize` hypotheses have ended (default); `bound`, only when no
   * living hypothesis could still get a better score than the `beamSize` best that have ended.
   */
  stop?: 'count' | 'bound';
}

/** One step of one source, as observers see it. */
export interface BeamStep {
  /** Which source. */
  source: number;
  /** Counts from 1. */
  step: number;
  /** The living hypotheses' last nodes, best first. */
  alive: SearchNode[];
  /** Nodes of this step that ended. */
  ended: SearchNode[];
  /** All nodes so far; grows from step to step. */
  tree: readonly SearchNode[];
}

/**
 * Beam search as an async iterator: yields each source's step, returns the results.
 *
 * Each step ranks all continuations of the living hypotheses by summed log-probability. Among the best `beamSize`,
 * those with the end token are finished; the best others, again `beamSize`, live on.
 *
 * @example
 * const search = beamSteps(model.searchDecoder(), [source], { bos: 1, eos: 2, maxLength: 50 });
 * for (let next = await search.next(); ; next = await search.next()) {
 *   if (next.done) return next.value[0].hypotheses;
 *   draw(next.value.alive);
 * }
 */
export function beamSteps<Source, State>(
  decoder: StepDecoder<Source, State>,
  sources: readonly Source[],
  options: BeamOptions,
): AsyncGenerator<BeamStep, SearchResult[], void> {
  const operation = 'beamSearch';
  const own = ['beamSize', 'nBest', 'alpha', 'lengthPenalty', 'stop'];
  checkOptions(operation, options, own, decoder, sources.length);
  const { beamSize = 5, nBest = 1, alpha = 0.75, lengthPenalty = 'power', stop = 'count' } = options;
  checkInteger(operation, 'beamSize', beamSize, 1);
  checkInteger(operation, 'nBest', nBest, 1);
  checkNumber(operation, 'nBest', nBest, `at most beamSize ${beamSize}`, (n) => n <= beamSize);
  checkLengthPenalty(operation, { alpha, lengthPenalty });
  checkOneOf(operation, 'stop', stop, ['count', 'bound']);
  const divisor = (length: number) => lengthDivisor(lengthPenalty, alpha, length);
  return run<Source, State, BeamStep>(decoder, sources, options, {
    divisor,
    nBest,
    expand: (search, rows, step) => {
      const made = expand(search, rows, beamSize);
      const parents = new Set(made.map(({ parent }) => parent));
      for (const { node } of rows)
        if (node !== undefined && !parents.has(node.id)) node.end = { reason: 'pruned', step };
      const [alive, ended] = [made.filter(({ end }) => !end), made.filter(({ end }) => end)];
      if (isDone(search, beamSize, stop, divisor)) {
        search.stop();
        search.living = [];
      }
      return { source: search.source, step, alive, ended, tree: search.tree };
    },
  });
}

/** Beam search to its end. `onStep` sees every step. */
export async function beamSearch<Source, State>(
  decoder: StepDecoder<Source, State>,
  sources: readonly Source[],
  options: BeamOptions,
  onStep?: (step: BeamStep) => void,
): Promise<SearchResult[]> {
  return drain(beamSteps(decoder, sources, options), onStep);
}

/** Adds a source's best continuations, best first: `beamSize` to live on, and those that end and are as good. */
function expand(search: SourceSearch, rows: readonly Continuation[], beamSize: number): SearchNode[] {
  const top = new TopCandidates(2 * beamSize);
  rows.forEach(({ node, logProbs }, row) => top.addRow(row, node?.total ?? 0, logProbs));
  const made: SearchNode[] = [];
  let kept = 0; // of those that did not end by themselves
  for (const [rank, { row, token }] of top.sorted().entries()) {
    const { node: parent, logProbs, attention } = rows[row]!;
    const node = search.next(parent, token, logProbs[token]!);
    const endsItself = node.end !== undefined && node.end.reason !== 'length';
    if (endsItself ? rank >= beamSize : kept >= beamSize) continue;
    if (!endsItself) kept += 1;
    search.add(Object.assign(node, attention()));
    made.push(node);
  }
  return made;
}

function isDone(
  { living, finished, maxLength }: SourceSearch,
  beamSize: number,
  stop: 'count' | 'bound',
  divisor: (length: number) => number,
): boolean {
  if (finished.length < beamSize) return false;
  if (stop === 'count') return true;
  // Totals only fall, and the divisor is largest at the length limit: no living hypothesis can pass this.
  const best = Math.max(...living.map((node) => node!.total)) / divisor(maxLength);
  const scores = finished.map(({ total, length }) => total / divisor(length));
  return scores.sort((a, b) => b - a)[beamSize - 1]! >= best;
}
