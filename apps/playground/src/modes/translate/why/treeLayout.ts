// Where each node of the beam tree goes: a column a step, an edge to the parent, dead ends known as pruned.
import type { BeamNode } from '../../../api/types.ts';

/** A node with its place in grid units and the piece ids from the start to here. */
export interface PlacedNode {
  node: BeamNode;
  step: number;
  row: number;
  path: number[];
  /** Index among all placed nodes of the node it extends. */
  from: number | null;
  /** `pruned`: no hypothesis that finished or is still alive goes through it. */
  state: BeamNode['state'] | 'pruned';
  /** Whether it is on the way to the answer. */
  best: boolean;
}

/** Places the nodes of every step; pruned ones only when asked for. `answer` is the best hypothesis's ids. */
export function layOutTree(steps: BeamNode[][], answer: number[], showPruned: boolean): PlacedNode[] {
  const all = link(steps, answer);
  const placed: PlacedNode[] = [];
  const newIndex = new Map<number, number>();
  const nextRow = steps.map(() => 0);
  all.forEach((entry, index) => {
    if (entry.state === 'pruned' && !showPruned) return;
    newIndex.set(index, placed.length);
    const from = entry.from === null ? null : newIndex.get(entry.from)!;
    placed.push({ ...entry, from, row: nextRow[entry.step]! });
    nextRow[entry.step]! += 1;
  });
  return placed;
}

/** Every node with its path and what became of it. */
function link(steps: BeamNode[][], answer: number[]): PlacedNode[] {
  const all: PlacedNode[] = [];
  let kept: number[] = [];
  steps.forEach((nodes, step) => {
    const nowKept: number[] = [];
    for (const node of nodes) {
      const from = node.parent >= 0 ? (kept[node.parent] ?? null) : null;
      const path = [...(from === null ? [] : all[from]!.path), node.id];
      const best = path.length <= answer.length && path.every((id, i) => answer[i] === id);
      // Until a descendant shows otherwise, a node before the last step is a dead end.
      const state = node.state === 'kept' && step < steps.length - 1 ? 'pruned' : node.state;
      if (node.state === 'kept') nowKept.push(all.length);
      all.push({ node, step, row: 0, path, from, state, best });
    }
    kept = nowKept;
  });
  for (const entry of all.toReversed())
    if (entry.state !== 'pruned' && entry.from !== null && all[entry.from]!.state === 'pruned')
      all[entry.from]!.state = 'kept';
  return all;
}
