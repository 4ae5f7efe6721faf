// The table of rules: every fused kernel has one, and a rule reads only what it saves.
import { fusedOutputs, type Linear } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import { expect, expectTypeOf, it } from 'vitest';
import { describeOnBackends } from '../../test/support/backends.ts';
import { pattern } from '../../test/support/numeric.ts';
import { defineRule, findRule, valueAndGrads } from '../index.ts';
import type { defineFusedRule } from './rules.ts';

describeOnBackends('gradient rules', (backend) => {
  it('exist for every fused kernel', () => {
    for (const name of Object.keys(fusedOutputs)) expect(findRule(name), name).toBeDefined();
    const fused = tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName);
    const forward = fused.filter((name) => name.startsWith('D2L') && !name.endsWith('Grad'));
    if (backend !== 'cpu') expect(forward.sort()).toEqual(Object.keys(fusedOutputs).sort());
  });

  it('say so when they read what they did not save', () => {
    const rule = findRule('Square')!;
    try {
      defineRule('Square', { backward: ({ input }) => ({ x: () => input('x') }) });
      const w = tf.variable(pattern([2]));
      expect(() => valueAndGrads(() => tf.sum(tf.square(w)), [w])).toThrow(
        'the gradient rule of Square: it may read only what it lists as inputs or outputs, got "x"; add it to the list',
      );
      w.dispose();
    } finally {
      defineRule('Square', rule as Parameters<typeof defineRule>[1]);
    }
  });

  it('are typed by the contract', () => {
    type LinearRule = Parameters<typeof defineFusedRule<typeof Linear>>[1];
    expectTypeOf<NonNullable<LinearRule['inputs']>[number]>().not.toExtend<'mask'>();
    type Context = Parameters<LinearRule['backward']>[0];
    expectTypeOf<Parameters<Context['needs']>>().toEqualTypeOf<['x' | 'weight' | 'bias']>();
    expectTypeOf<Parameters<Context['output']>>().toEqualTypeOf<['y']>();
  });
});
