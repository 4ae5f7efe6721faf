import { expect, test } from 'vitest';
import type { BeamNode } from '../../../api/types.ts';
import { layOutTree } from './treeLayout.ts';

const node = (id: number, parent: number, state: BeamNode['state']): BeamNode => ({
  id,
  parent,
  state,
  total: -id,
  logProb: -1,
  text: String(id),
});

// 1 ends; 2 goes on to 4 and 5; 3 is pruned at once; 5 is pruned in the last step.
const steps = [
  [node(1, -1, 'kept'), node(2, -1, 'kept'), node(3, -1, 'kept')],
  [node(4, 1, 'kept'), node(5, 1, 'kept'), node(0, 0, 'finished')],
  [node(6, 0, 'kept'), node(0, 0, 'finished')],
];

test('follows parents in the order they were kept, finds dead ends and marks the way to the answer', () => {
  const placed = layOutTree(steps, [2, 4, 0], true);
  expect(placed.map(({ path, state }) => `${path.join('-')} ${state}`)).toEqual([
    '1 kept',
    '2 kept',
    '3 pruned',
    '2-4 kept',
    '2-5 pruned',
    '1-0 finished',
    '2-4-6 kept',
    '2-4-0 finished',
  ]);
  expect(placed.filter(({ best }) => best).map(({ path }) => path.join('-'))).toEqual(['2', '2-4', '2-4-0']);
});

test('leaves pruned branches out when asked to, without gaps', () => {
  const placed = layOutTree(steps, [], false);
  expect(placed.map(({ step, row }) => `${step}.${row}`)).toEqual(['0.0', '0.1', '1.0', '1.1', '2.0', '2.1']);
  expect(placed.map(({ from }) => from)).toEqual([null, null, 1, 0, 2, 2]);
});
