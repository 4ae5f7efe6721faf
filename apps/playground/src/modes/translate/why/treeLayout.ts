// Where each node of the beam tree goes: a column a step, kept nodes above pruned ones, edges to the parent.
import type { BeamNode } from '../../../api/types.ts';

/** A node with its place in grid units and the piece ids from the start to here. */
export interface PlacedNode {
  node: BeamNode;
  step: number;
  row: number;
  path: number[];
  /** Index among all placed nodes of the node it extends. */
  from: number | null;
  /** Whether it is on the way to the best finished hypothesis. */
  best: boolean;
}

/** Places the nodes of every step; pruned ones only when asked for. */
export function layOutTree(steps: BeamNode[][], bestPath: number[], showPruned: boolean): PlacedNode[] {
  const placed: PlacedNode[] = [];
  let kept: number[] = [];
  steps.forEach((nodes, step) => {
    const nextKept: number[] = [];
    const order = [...nodes].sort((a, b) => rank(a) - rank(b) || b.total - a.total);
    const indexOf = new Map<BeamNode, number>();
    let row = 0;
    for (const node of order) {
      if (node.state === 'pruned' && !showPruned) continue;
      const from = node.parent >= 0 ? (kept[node.parent] ?? null) : null;
      const path = [...(from === null ? [] : placed[from]!.path), node.id];
      const best =
        node.state !== 'pruned' &&
        path.every((id, i) => bestPath[i] === id || (i === bestPath.length && node.state === 'finished'));
      indexOf.set(node, placed.length);
      placed.push({ node, step, row, path, from, best });
      row += 1;
    }
    // Parents are counted in the order in which the search kept them.
    for (const node of nodes) if (node.state === 'kept') nextKept.push(indexOf.get(node)!);
    kept = nextKept;
  });
  return placed;
}

const rank = (node: BeamNode) => ({ finished: 0, kept: 0, pruned: 1 })[node.state];
