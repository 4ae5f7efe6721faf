// Hypotheses: nodes of the search tree, and the finished sequences read from it.
import type { StepMaps } from './decoder.ts';

/**
 * Why a hypothesis ended: end token, length limit, a stop sequence, a criterion of the caller's, no token that the rules
 * let follow (`SearchOptions`), pushed out of the beam, or the search was over.
 */
export type EndReason = 'eos' | 'length' | 'stopSequence' | 'criterion' | 'noToken' | 'pruned' | 'stopped';

/** One token of one hypothesis. The path from the root to a node is a hypothesis that was alive. */
export interface SearchNode {
  id: number;
  /** Id of the node before; −1 at the first token. */
  parent: number;
  token: number;
  /** Log-probability of this token, after the processors. */
  logProb: number;
  /** Sum from the first token to this one. */
  total: number;
  /** Number of tokens up to and with this one. */
  length: number;
  /** Set when no hypothesis goes on from here: why, and at which step. */
  end?: { reason: EndReason; step: number };
  /** Attention to the source while this token was chosen. */
  attention?: Float32Array;
  /** Every layer's and head's attention while this token was chosen. */
  maps?: StepMaps;
}

/** A finished sequence. */
export interface Hypothesis {
  /** Without begin and end tokens. */
  tokens: number[];
  /** Log-probability of each token; the end token's is last when there is one. */
  logProbs: number[];
  /** Sum of `logProbs`. */
  total: number;
  /** `total` over the length's divisor: what ranks hypotheses. */
  score: number;
  reason: EndReason;
  /** Id of its last node in the tree. */
  node: number;
  /** Attention to the source for each token of `logProbs`, when the decoder gives it. */
  attention?: Float32Array[];
  /** Every layer's and head's attention for each token of `logProbs`, when the decoder was asked for all of it. */
  maps?: StepMaps[];
}

/** What a search found for one source: hypotheses, best first, and every node that was alive. */
export interface SearchResult {
  hypotheses: Hypothesis[];
  tree: SearchNode[];
}

/** Reads the path that ends at a node. */
export function readPath(tree: readonly SearchNode[], node: SearchNode): SearchNode[] {
  const path: SearchNode[] = [];
  for (let at: SearchNode | undefined = node; at !== undefined; at = tree[at.parent]) path.push(at);
  return path.reverse();
}

/** The tokens on the path that ends at a node. */
export function tokensOf(tree: readonly SearchNode[], node: SearchNode | undefined): number[] {
  return node === undefined ? [] : readPath(tree, node).map(({ token }) => token);
}

/** The finished sequence that ends at a node. */
export function readHypothesis(tree: readonly SearchNode[], node: SearchNode, divisor: number): Hypothesis {
  const path = readPath(tree, node);
  const reason = node.end?.reason ?? 'stopped';
  const hypothesis: Hypothesis = {
    tokens: path.slice(0, reason === 'eos' ? -1 : undefined).map(({ token }) => token),
    logProbs: path.map(({ logProb }) => logProb),
    total: node.total,
    score: node.total / divisor,
    reason,
    node: node.id,
  };
  if (path.every(({ attention }) => attention !== undefined))
    hypothesis.attention = path.map((p) => p.attention!);
  if (path.every(({ maps }) => maps !== undefined)) hypothesis.maps = path.map((p) => p.maps!);
  return hypothesis;
}
