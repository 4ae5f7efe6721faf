import { expect, test } from 'vitest';
import type { BeamNode } from '../../../api/types.ts';
import { layOutTree } from './treeLayout.ts';

const node = (id: number, parent: number, state: BeamNode['state'], total = -id): BeamNode => ({
  id,
  parent,
  state,
  total,
  logProb: -1,
  text: String(id),
});

const steps = [
  [node(1, -1, 'kept'), node(2, -1, 'kept'), node(3, -1, 'pruned')],
  [node(4, 1, 'kept', -1), node(5, 0, 'kept', -2), node(0, 0, 'finished', -0.5), node(6, 1, 'pruned')],
];

test('follows parents in the order they were kept and marks the best path', () => {
  const placed = layOutTree(steps, [2, 4], true);
  const paths = Object.fromEntries(placed.map(({ node: { id }, path }) => [id, path]));
  expect(paths).toEqual({ 1: [1], 2: [2], 3: [3], 4: [2, 4], 5: [1, 5], 0: [1, 0], 6: [2, 6] });
  expect(placed.filter(({ best }) => best).map(({ node: { id } }) => id)).toEqual([2, 4]);
});

test('leaves pruned branches out when asked to, without gaps', () => {
  const placed = layOutTree(steps, [1], false);
  expect(placed.map(({ step, row }) => `${step}.${row}`)).toEqual(['0.0', '0.1', '1.0', '1.1', '1.2']);
  expect(placed.filter(({ best }) => best).map(({ node: { id } }) => id)).toEqual([1, 0]);
});
