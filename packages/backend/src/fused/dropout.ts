// Dropout by a counter-based mask (Philox4x32-10), as a kernel.
import type { Call } from '../call.ts';
import { Dropout } from '../contract.ts';
import { fusedKernel } from '../kernel.ts';

/** Writes what decides a mask: the key, the threshold on its 16 bits, the scale of kept values. */
export function dropoutWords(call: Call, p: number, seed: readonly [number, number]): Call {
  return call
    .int(seed[0])
    .int(seed[1])
    .int(Math.round(p * 2 ** 16))
    .float(p < 1 ? 1 / (1 - p) : 0);
}

export const dropout = fusedKernel(Dropout, (backend) => {
  const op = backend.op('dropout');
  return ({ x }, { p, seed }) => {
    const y = backend.output(x.shape);
    dropoutWords(
      backend.begin(op).tensor(y.dataId).tensor(backend.storage(x)).int(y.dataId.size),
      p,
      seed,
    ).run();
    return y;
  };
});
