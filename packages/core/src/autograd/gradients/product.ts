// Gradient rules of matrix products and Einstein sums.
import * as tf from '@tensorflow/tfjs-core';
import { defineRule } from '../rules.ts';
import { unbroadcast } from './binary.ts';

/** Gradient of one operand of an Einstein sum: swap it with the output; sum axes that only it has are repeated. */
function einsumGradient(
  equation: string,
  operand: number,
  dy: tf.Tensor,
  operands: tf.Tensor[],
  shape: number[],
): tf.Tensor {
  const [left = '', output = ''] = equation.replaceAll(' ', '').split('->');
  const terms = left.split(',');
  const own = terms[operand] as string;
  const others = terms.filter((_, i) => i !== operand);
  const seen = new Set([...others.join(''), ...output]);
  const reachable = [...own].filter((letter) => seen.has(letter)).join('');
  const inputs = [dy, ...operands.filter((_, i) => i !== operand)];
  const part = tf.einsum(`${[output, ...others].join(',')}->${reachable}`, ...inputs);
  const kept = [...own].map((letter, i) => (seen.has(letter) ? (shape[i] as number) : 1));
  const whole = tf.reshape(part, kept);
  return tf.util.arraysEqual(kept, shape) ? whole : tf.broadcastTo(whole, shape);
}

/** Registers the rules of this file. */
export function productRules(): void {
  defineRule<{ transposeA: boolean; transposeB: boolean }>('BatchMatMul', {
    inputs: ['a', 'b'],
    backward: ({ dy, input, attrs: { transposeA, transposeB }, shape }) => {
      const [a, b] = [input('a'), input('b')];
      return {
        a: () =>
          unbroadcast(
            transposeA ? tf.matMul(b, dy, transposeB, true) : tf.matMul(dy, b, false, !transposeB),
            shape('a'),
          ),
        b: () =>
          unbroadcast(
            transposeB ? tf.matMul(dy, a, true, transposeA) : tf.matMul(a, dy, !transposeA, false),
            shape('b'),
          ),
      };
    },
  });
  defineRule<{ equation: string }>('Einsum', {
    inputs: 'all',
    backward: ({ dy, input, attrs, shape, node }) => {
      const names = Object.keys(node.inputs);
      const operands = names.map(input);
      return Object.fromEntries(
        names.map((name, i) => [name, () => einsumGradient(attrs.equation, i, dy, operands, shape(name))]),
      );
    },
  });
}
