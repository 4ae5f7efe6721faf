// Linear layers: x weight^T + bias with an activation, and its gradients.
#include "gemm.h"
#include "math.h"

namespace d2l {
namespace {

// d = dy * activation'(...): from the result y where that is enough, else from the saved value before it.
D2L_INLINE vf activationGrad(int activation, vf dy, vf y, vf before) {
  switch (activation) {
    case kRelu: return select(y > splat(0), dy, splat(0));
    case kTanh: return dy * (splat(1) - y * y);
    case kSigmoid: return dy * y * (splat(1) - y);
    case kGelu: return dy * vgeluGrad(before);
    case kSilu: return dy * vsiluGrad(before);
    default: return dy;
  }
}

template <int kActivation>
void activationBackward(float* d, const float* dy, const float* y, const float* before, int64_t from, int64_t to) {
  const bool usesBefore = kActivation == kGelu || kActivation == kSilu;
  int64_t i = from;
  for (; i + kVec <= to; i += kVec)
    store(d + i, activationGrad(kActivation, load(dy + i), usesBefore ? splat(0) : load(y + i),
                                usesBefore ? load(before + i) : splat(0)));
  if (i < to) {
    const int64_t n = to - i;
    storePart(d + i, activationGrad(kActivation, loadPart(dy + i, n), usesBefore ? splat(0) : loadPart(y + i, n),
                                    usesBefore ? loadPart(before + i, n) : splat(0)), n);
  }
}

}  // namespace

// y, x, weight, bias?, rows, in, out, activation, before? (kept for the gradient of gelu and silu), the weight's HalfKind
D2L_OP(linear) {
  Args a;
  Gemm g;
  g.c = a.ptr();
  const float* x = a.ptr();
  const float* weight = a.ptr();
  g.bias = a.optional();
  g.m = a.i32();
  g.k = a.i32();
  g.n = a.i32();
  g.activation = a.i32();
  g.pre = a.optional();
  g.a = matrix(x, g.k);
  g.b = matrix(weight, g.k, true);
  g.b.half = a.i32();
  g.ldc = g.n;
  gemm(g);
}

// dy, x, weight, y, before?, rows, in, out, activation, dx?, dweight?, dbias?, temporary? (rows * out, with an activation)
D2L_OP(linearGrad) {
  Args a;
  const float* dy = a.ptr();
  const float* x = a.ptr();
  const float* weight = a.ptr();
  const float* y = a.ptr();
  const float* before = a.optional();
  const int64_t rows = a.i32(), in = a.i32(), out = a.i32();
  const int activation = a.i32();
  float* dx = a.optional();
  float* dweight = a.optional();
  float* dbias = a.optional();
  float* d = a.optional();
  if (activation != kLinear) {
    parallelFor(rows * out, 1 << 13, [&](int64_t from, int64_t to) {
      switch (activation) {
        case kRelu: return activationBackward<kRelu>(d, dy, y, before, from, to);
        case kTanh: return activationBackward<kTanh>(d, dy, y, before, from, to);
        case kSigmoid: return activationBackward<kSigmoid>(d, dy, y, before, from, to);
        case kGelu: return activationBackward<kGelu>(d, dy, y, before, from, to);
        default: return activationBackward<kSilu>(d, dy, y, before, from, to);
      }
    });
    dy = d;
  }
  if (dx) {
    Gemm g;
    g.m = rows; g.n = in; g.k = out;
    g.a = matrix(dy, out);
    g.b = matrix(weight, in);
    g.c = dx;
    g.ldc = in;
    gemm(g);
  }
  if (dweight) {
    Gemm g;
    g.m = out; g.n = in; g.k = rows;
    g.a = matrix(dy, out, true);
    g.b = matrix(x, in);
    g.c = dweight;
    g.ldc = in;
    gemm(g);
  }
  if (dbias) columnSums(dbias, dy, rows, out, out);
}

}  // namespace d2l
