// One source's search while it runs: its tree, what lives and what has ended, and the rules for what comes next.
import { type StopCriterion, criteriaOf } from './criteria.ts';
import {
  type EndReason,
  type SearchNode,
  type SearchResult,
  readHypothesis,
  tokensOf,
} from './hypothesis.ts';
import type { SourceOptions } from './options.ts';
import { type LogitsProcessor, processorsOf } from './processors.ts';

/** Grows one source's tree node by node. */
export class SourceSearch {
  readonly tree: SearchNode[] = [];
  /** The living hypotheses' last nodes, best first; before the first token there is one empty hypothesis. */
  living: (SearchNode | undefined)[] = [undefined];
  readonly finished: SearchNode[] = [];
  private readonly processors: readonly LogitsProcessor[];
  private readonly criteria: readonly StopCriterion[];

  /** @param source which one */
  constructor(
    readonly source: number,
    private readonly options: SourceOptions,
  ) {
    this.processors = processorsOf(options);
    this.criteria = criteriaOf(options);
  }

  /** The most tokens of a hypothesis. */
  get maxLength(): number {
    return this.options.maxLength;
  }

  /** Applies the rules to the log-probabilities of what may follow a node; `false` when nothing may. */
  restrict(node: SearchNode | undefined, logProbs: Float32Array): boolean {
    const { eos, prefix } = this.options;
    const forced = prefix[node?.length ?? 0];
    const end = eos === undefined ? -Infinity : logProbs[eos]!;
    if (forced !== undefined) {
      const logProb = logProbs[forced]!;
      logProbs.fill(-Infinity)[forced] = logProb;
    } else if (this.processors.length > 0) {
      const tokens = tokensOf(this.tree, node);
      for (const processor of this.processors) processor.process(logProbs, tokens);
    }
    if (logProbs.some((value) => value > -Infinity)) return true;
    if (eos !== undefined) logProbs[eos] = end;
    return end > -Infinity;
  }

  /** The node that a token makes after another, not yet in the tree; ended if a criterion is met. */
  next(parent: SearchNode | undefined, token: number, logProb: number): SearchNode {
    const length = (parent?.length ?? 0) + 1;
    const total = (parent?.total ?? 0) + logProb;
    const node: SearchNode = {
      id: this.tree.length,
      parent: parent?.id ?? -1,
      token,
      logProb,
      total,
      length,
    };
    if (length < this.options.prefix.length) return node;
    const tokens = () => [...tokensOf(this.tree, parent), token];
    const met = this.criteria.find((criterion) => criterion.isMet(node, tokens));
    if (met !== undefined) node.end = { reason: met.reason, step: length };
    return node;
  }

  /** Puts a node into the tree, and among the living or the finished. */
  add(node: SearchNode): void {
    this.tree.push(node);
    (node.end === undefined ? this.living : this.finished).push(node);
  }

  /** Ends a hypothesis that had lived. */
  finish(node: SearchNode, end: { reason: EndReason; step: number }): void {
    node.end = end;
    this.finished.push(node);
  }

  /** Marks what lives as stopped. */
  stop(): void {
    for (const node of this.living)
      if (node !== undefined) node.end = { reason: 'stopped', step: node.length };
  }

  /** The best hypotheses; only a search that was aborted can have none finished: then the living ones. */
  result(divisor: (length: number) => number, nBest: number): SearchResult {
    const { tree, finished, living } = this;
    const last = finished.length > 0 ? finished : living.filter((node) => node !== undefined);
    const hypotheses = last.map((node) => readHypothesis(tree, node, divisor(node.length)));
    return { hypotheses: hypotheses.sort((a, b) => b.score - a.score).slice(0, nBest), tree };
  }
}
