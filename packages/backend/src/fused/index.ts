// The fused kernels of contract.ts. How to write one:
//
// 1. In kernels/scale.cc (any name; both builds compile every .cc file there):
//
//      #include "abi.h"
//      namespace d2l {
//      // y, x, count, factor
//      D2L_OP(scale) {
//        Args a;
//        float* y = a.ptr();
//        const float* x = a.ptr();
//        const int64_t n = (uint32_t)a.i32();
//        const float factor = a.f32();
//        parallelFor(n, 1 << 15, [&](int64_t from, int64_t to) {
//          for (int64_t i = from; i < to; ++i) y[i] = x[i] * factor;
//        });
//      }
//      }  // namespace d2l
//
// 2. A line `X(scale)` in kernels/ops.def.
//
// 3. In src/fused/scale.ts, once `Scale` is in contract.ts (its Grad kernel: `gradientKernel`, which returns the gradients
//    by input name):
//
//      export const scale = fusedKernel(Scale, (backend) => {
//        const op = backend.op('scale'); // once; a build without the kernel does not register this one
//        return ({ x }, { factor }) => {
//          const y = backend.output(x.shape); // float32, uninitialized; allocate everything before begin()
//          const saved = backend.workspace(y, 100); // optional: a block that lives as long as y's data
//          backend.begin(op).tensor(y.dataId).tensor(backend.storage(x)).int(backend.storage(x).size).float(factor).run();
//          return y; // or an array: [y, hN]
//        };
//      });
//
//    `backend.storage(tensor)` gives the input's place in the heap (`.offset`, `.size`); call.optional(undefined)
//    passes a missing input; `backend.workspaces(inputs.y)` are the blocks the forward kernel attached to y;
//    `backend.block(words)` … `backend.freeBlock(block)` is memory for the call only. In-place kernels on variables
//    take `backend.ownStorage(variable)`. backend.floats(tensor) is a view for small work in JavaScript.
//
// 4. Add it to the list below. Build: `node scripts/buildNative.mjs` and `node scripts/buildWasm.mjs` (both take
//    --keep-going to leave out files that do not compile and --out for a copy of your own, which
//    D2LTS_NATIVE_ADDON=<path> and D2LTS_WASM_KERNELS=<path> make the loader use).
import type { KernelDefinition } from '../kernel.ts';
import { additiveScores, additiveScoresGrad } from './additiveScores.ts';
import { attention, attentionGrad } from './attention.ts';
import { batchNorm, batchNormGrad } from './batchNorm.ts';
import { conv2d, conv2dGrad } from './conv.ts';
import { softmaxCrossEntropy, softmaxCrossEntropyGrad } from './crossEntropy.ts';
import { dropout } from './dropout.ts';
import { embedding, embeddingGrad } from './embedding.ts';
import { layerNorm, layerNormGrad } from './layerNorm.ts';
import { linear, linearGrad } from './linear.ts';
import { pool2d, pool2dGrad } from './pool.ts';
import { recurrent, recurrentGrad } from './recurrent.ts';
import { maskedSoftmax, maskedSoftmaxGrad } from './softmax.ts';

export const fusedKernels: readonly KernelDefinition[] = [
  additiveScores,
  additiveScoresGrad,
  attention,
  attentionGrad,
  batchNorm,
  batchNormGrad,
  conv2d,
  conv2dGrad,
  softmaxCrossEntropy,
  softmaxCrossEntropyGrad,
  dropout,
  embedding,
  embeddingGrad,
  layerNorm,
  layerNormGrad,
  linear,
  linearGrad,
  pool2d,
  pool2dGrad,
  recurrent,
  recurrentGrad,
  maskedSoftmax,
  maskedSoftmaxGrad,
];
