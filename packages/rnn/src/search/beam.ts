// Beam search over any step decoder, batched over sources, observable step by step (the book's section 9.8).
import { checkInteger, checkNumber, checkOneOf } from '../checks.ts';
import { criteriaOf, markEnd } from './criteria.ts';
import type { StepDecoder } from './decoder.ts';
import {
  type Hypothesis,
  type SearchNode,
  type SearchResult,
  readHypothesis,
  tokensOf,
} from './hypothesis.ts';
import { type LengthPenalty, checkLengthPenalty, lengthDivisor } from './lengthPenalty.ts';
import { type SearchOptions, checkOptions } from './options.ts';
import { processorsOf } from './processors.ts';
import { Rows } from './rows.ts';
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
  /** Nodes that ended in this step. */
  ended: SearchNode[];
  /** All nodes so far; grows from step to step. */
  tree: readonly SearchNode[];
}

interface Search {
  tree: SearchNode[];
  alive: SearchNode[];
  finished: SearchNode[];
  done: boolean;
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
export async function* beamSteps<Source, State>(
  decoder: StepDecoder<Source, State>,
  sources: readonly Source[],
  options: BeamOptions,
): AsyncGenerator<BeamStep, SearchResult[], void> {
  checkOptions(
    'beamSearch',
    options,
    ['beamSize', 'nBest', 'alpha', 'lengthPenalty', 'stop'],
    decoder.vocabSize,
  );
  const { beamSize = 5, nBest = 1, alpha = 0.75, lengthPenalty = 'power', stop = 'count' } = options;
  checkInteger('beamSearch', 'beamSize', beamSize, 1);
  checkInteger('beamSearch', 'nBest', nBest, 1);
  checkNumber('beamSearch', 'nBest', nBest, `at most beamSize ${beamSize}`, (n) => n <= beamSize);
  checkLengthPenalty('beamSearch', { alpha, lengthPenalty });
  checkOneOf('beamSearch', 'stop', stop, ['count', 'bound']);
  const processors = processorsOf(options);
  const criteria = criteriaOf(options);
  const divisor = (length: number) => lengthDivisor(lengthPenalty, alpha, length);
  const scoreOf = (node: SearchNode) => node.total / divisor(node.length);

  const searches: Search[] = sources.map(() => ({ tree: [], alive: [], finished: [], done: false }));
  if (sources.length === 0) return [];
  const rows = await Rows.start(decoder, sources, options, true);
  try {
    // The row of each living hypothesis, source by source; before the first token each source has one empty one.
    let owners: { search: number; node: SearchNode | undefined }[] = sources.map((_, search) => ({
      search,
      node: undefined,
    }));
    for (let step = 1; owners.length > 0; step++) {
      if (options.signal?.aborted) {
        for (const { node } of owners)
          if (node !== undefined) node.end = { reason: 'stopped', step: node.length };
        break;
      }
      const tokens = Int32Array.from(owners, ({ search, node }) => node?.token ?? rows.first[search]!);
      const { logProbs, attention } = await rows.step(
        tokens,
        (row) => tokensOf(searches[owners[row]!.search]!.tree, owners[row]!.node),
        processors,
      );
      const next: typeof owners = [];
      const origins: number[] = [];
      const reports: BeamStep[] = [];
      for (let row = 0; row < owners.length;) {
        const source = owners[row]!.search;
        const search = searches[source]!;
        let end = row;
        while (end < owners.length && owners[end]!.search === source) end += 1;

        const top = new TopCandidates(2 * beamSize);
        for (let r = row; r < end; r++) top.addRow(r, owners[r]!.node?.total ?? 0, logProbs[r]!);
        const before = search.alive;
        const [alive, ended, from]: [SearchNode[], SearchNode[], number[]] = [[], [], []];
        let kept = 0; // of those that did not end by themselves
        for (const [rank, { row: r, token, total }] of top.sorted().entries()) {
          const parent = owners[r]!.node;
          const node: SearchNode = {
            id: search.tree.length,
            parent: parent?.id ?? -1,
            token,
            logProb: logProbs[r]![token]!,
            total,
            length: step,
          };
          markEnd(node, criteria, () => tokensOf(search.tree, node));
          const endsItself = node.end !== undefined && node.end.reason !== 'length';
          if (endsItself ? rank >= beamSize : kept >= beamSize) continue;
          if (!endsItself) kept += 1;
          Object.assign(node, attention(r));
          search.tree.push(node);
          if (node.end !== undefined) ended.push(node);
          else {
            alive.push(node);
            from.push(r);
          }
        }
        search.finished.push(...ended);
        search.alive = alive;
        const parents = new Set([...alive, ...ended].map(({ parent }) => parent));
        for (const node of before) if (!parents.has(node.id)) node.end = { reason: 'pruned', step };

        search.done =
          alive.length === 0 || isDone(search, beamSize, stop, scoreOf, divisor(options.maxLength));
        if (search.done) for (const node of alive) node.end = { reason: 'stopped', step };
        else {
          alive.forEach((node, i) => {
            next.push({ search: source, node });
            origins.push(from[i]!);
          });
        }
        reports.push({ source, step, alive, ended, tree: search.tree });
        row = end;
      }
      await rows.reorder(origins);
      owners = next;
      yield* reports;
    }
  } finally {
    rows.dispose();
  }
  return searches.map(({ tree, alive, finished }) => {
    // Only an aborted search can have nothing finished: then the living ones are the result.
    const candidates = finished.length > 0 ? finished : alive;
    const hypotheses: Hypothesis[] = candidates.map((node) =>
      readHypothesis(tree, node, divisor(node.length)),
    );
    hypotheses.sort((a, b) => b.score - a.score);
    return { hypotheses: hypotheses.slice(0, nBest), tree };
  });
}

/** Beam search to its end. `onStep` sees every step. */
export async function beamSearch<Source, State>(
  decoder: StepDecoder<Source, State>,
  sources: readonly Source[],
  options: BeamOptions,
  onStep?: (step: BeamStep) => void,
): Promise<SearchResult[]> {
  const search = beamSteps(decoder, sources, options);
  for (;;) {
    const { done, value } = await search.next();
    if (done) return value;
    onStep?.(value);
  }
}

function isDone(
  { alive, finished }: Search,
  beamSize: number,
  stop: 'count' | 'bound',
  scoreOf: (node: SearchNode) => number,
  bestDivisor: number,
): boolean {
  if (finished.length < beamSize) return false;
  if (stop === 'count') return true;
  // Totals only fall, and the divisor is largest at the length limit: no living hypothesis can pass this.
  const best = Math.max(...alive.map(({ total }) => total / bestDivisor));
  const worst = finished.map(scoreOf).sort((a, b) => b - a)[beamSize - 1]!;
  return worst >= best;
}
