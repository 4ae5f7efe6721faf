// Copies operands of gemm into the order in which the micro-kernels read them. Only gemm.cc includes this.
#pragma once
#include "gemm.h"
#include "transpose.h"

namespace d2l {
namespace {

template <int N>
D2L_INLINE void copyColumns(float* dst, int64_t width, const Matrix& m, int64_t k0, int64_t col, int64_t kc) {
  for (int64_t k = 0; k < kc; ++k, dst += width) __builtin_memcpy(dst, m.row(k0 + k) + col, N * 4);
}

// dst[k][width] = stored row (k0 + k), columns [col, col + count).
void packStraight(float* dst, int64_t width, const Matrix& m, int64_t k0, int64_t col, int64_t count, int64_t kc) {
  if (count == kTileCols) return copyColumns<kTileCols>(dst, width, m, k0, col, kc);
  if (count == kTileRows) return copyColumns<kTileRows>(dst, width, m, k0, col, kc);
  for (int64_t k = 0; k < kc; ++k, dst += width) {
    const float* s = m.row(k0 + k) + col;
    for (int64_t j = 0; j < count; ++j) dst[j] = s[j];
  }
}

// The same of a transposed B of 16-bit numbers, some of them at a time as floats.
template <class Half>
void packHalves(float* dst, const Half* b, int64_t stride, int64_t k0, int64_t kc, int64_t col, int64_t count) {
  constexpr int64_t kAtOnce = 64;
  alignas(64) float floats[kTileCols][kAtOnce];
  const float* rows[kTileCols];
  for (int64_t j = 0; j < count; ++j) rows[j] = floats[j];
  for (int64_t k = 0; k < kc; k += kAtOnce) {
    const int64_t some = kc - k < kAtOnce ? kc - k : kAtOnce;
    for (int64_t j = 0; j < count; ++j) {
      const Half* from = b + (col + j) * stride + k0 + k;
      int64_t i = 0;
      for (; i + kVec <= some; i += kVec) store(floats[j] + i, load(from + i));
      for (; i < some; ++i) floats[j][i] = value(from[i]);
    }
    packTransposed(dst + k * kTileCols, kTileCols, rows, count, some);
  }
}

// One panel of op(B): rows [k0, k0 + kc), columns [col, col + count), count <= kTileCols, padded with zeros.
void packPanel(float* dst, const Matrix& b, int64_t k0, int64_t kc, int64_t col, int64_t count) {
  if (count < kTileCols)
    for (int64_t k = 0; k < kc; ++k)
      for (int64_t j = count; j < kTileCols; ++j) dst[k * kTileCols + j] = 0;
  if (b.half == kFloat16) {
    packHalves(dst, (const Float16*)b.data, b.stride, k0, kc, col, count);
  } else if (b.half == kBfloat16) {
    packHalves(dst, (const Bfloat16*)b.data, b.stride, k0, kc, col, count);
  } else if (b.transposed) {
    const float* rows[kTileCols];
    for (int64_t j = 0; j < count; ++j) rows[j] = b.row(col + j) + k0;
    packTransposed(dst, kTileCols, rows, count, kc);
  } else {
    packStraight(dst, kTileCols, b, k0, col, count, kc);
  }
}

}  // namespace
}  // namespace d2l
