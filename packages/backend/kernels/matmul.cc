// TensorFlow.js' batch matrix multiplication on our gemm.
#include "gemm.h"

namespace d2l {

// c, a, b, batch, m, n, k, step of a, step of b (0 repeats one matrix), transposeA, transposeB
D2L_OP(matmul) {
  Args a;
  BatchedGemm g;
  g.c = a.ptr();
  g.a = a.ptr();
  g.b = a.ptr();
  g.batch = a.i32();
  g.m = a.i32();
  g.n = a.i32();
  g.k = a.i32();
  g.stepA = a.i32();
  g.stepB = a.i32();
  g.stepC = g.m * g.n;
  g.transposeA = a.i32() != 0;
  g.transposeB = a.i32() != 0;
  batchedGemm(g);
}

}  // namespace d2l
