// The table of rules: every fused kernel has one, and a rule reads only what it saves.
import type { Kernels, Linear } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import { expect, expectTypeOf, it } from 'vitest';
import { describeOnBackends } from '../../test/support/backends.ts';
import { pattern } from '../../test/support/numeric.ts';
import { defineRule, findRule, valueAndGrads, type Rule } from '../index.ts';

describeOnBackends('gradient rules', (backend) => {
  it('exist for every fused kernel', () => {
    const fused = tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName);
    const forward = fused.filter((name) => name.startsWith('D2L') && !name.endsWith('Grad'));
    if (backend !== 'cpu') expect(forward.length).toBeGreaterThan(0);
    for (const name of forward) expect(findRule(name), name).toBeDefined();
  });

  it('may be a reason why there is none', () => {
    const rule = findRule('Square')!;
    try {
      defineRule('Square', { none: 'squares are final' });
      const w = tf.variable(pattern([2]));
      expect(() => valueAndGrads(() => tf.sum(tf.square(w)), [w])).toThrow(
        'Square: has no gradient: squares are final; compute it outside of the function that is differentiated',
      );
      w.dispose();
    } finally {
      defineRule('Square', rule);
    }
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
      defineRule('Square', rule);
    }
  });

  it('are typed by the contract', () => {
    type LinearRule = Rule<Kernels<tf.Tensor>[typeof Linear]>;
    expectTypeOf<NonNullable<LinearRule['inputs']>[number]>().not.toExtend<'mask'>();
    type Context = Parameters<LinearRule['backward']>[0];
    expectTypeOf<Parameters<Context['needs']>>().toEqualTypeOf<['x' | 'weight' | 'bias']>();
    expectTypeOf<Parameters<Context['output']>>().toEqualTypeOf<['y']>();
  });
});
