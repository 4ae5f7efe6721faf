// Matrix products of attention's size (tens of rows and columns): register-blocked, nothing packed.
// C[M, N] = or += A · B, where A has any strides (so it may be transposed) and rows of B are contiguous.
#pragma once
#include "simd.h"

namespace d2l {

// Rows of a tile of one or two vectors: as many sums as the registers hold, and enough to hide the latency of an addition.
constexpr int smallRows(int vectors) { return (D2L_VEC == 4 ? 8 : 12) / vectors; }

// One tile of kRows rows and `width` <= kVectors * kVec columns. Where the last vector is partial, rows of B are
// read past their end as long as that stays inside B.
template <int kRows, int kVectors>
static void smallTile(float* c, int64_t ldc, const float* a, int64_t rowStride, int64_t stepStride, const float* b, int64_t ldb,
                      int64_t steps, int64_t width, bool accumulate) {
  vf acc[kRows][kVectors];
#pragma GCC unroll 12
  for (int i = 0; i < kRows; ++i)
#pragma GCC unroll 12
    for (int j = 0; j < kVectors; ++j) acc[i][j] = splat(0);
  const int64_t rest = width - (kVectors - 1) * kVec;  // columns of the last vector
  int64_t safe = steps;                                // steps that may read whole vectors
  if (rest < kVec) {
    const int64_t room = (steps - 1) * ldb + width - kVectors * kVec;
    safe = room < 0 ? 0 : room / ldb + 1;
    if (safe > steps) safe = steps;
  }
  int64_t k = 0;
  for (; k < safe; ++k, a += stepStride, b += ldb) {
    vf row[kVectors];
#pragma GCC unroll 12
    for (int j = 0; j < kVectors; ++j) row[j] = load(b + j * kVec);
#pragma GCC unroll 12
    for (int i = 0; i < kRows; ++i) {
      const vf x = splat(a[i * rowStride]);
#pragma GCC unroll 12
      for (int j = 0; j < kVectors; ++j) acc[i][j] += x * row[j];
    }
  }
  for (; k < steps; ++k, a += stepStride, b += ldb) {
    vf row[kVectors];
#pragma GCC unroll 12
    for (int j = 0; j < kVectors; ++j) row[j] = j < kVectors - 1 ? load(b + j * kVec) : loadPart(b + j * kVec, rest);
#pragma GCC unroll 12
    for (int i = 0; i < kRows; ++i) {
      const vf x = splat(a[i * rowStride]);
#pragma GCC unroll 12
      for (int j = 0; j < kVectors; ++j) acc[i][j] += x * row[j];
    }
  }
#pragma GCC unroll 12
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 12
    for (int j = 0; j < kVectors; ++j) {
      float* out = c + i * ldc + j * kVec;
      if (j < kVectors - 1 || rest == kVec) {
        store(out, accumulate ? load(out) + acc[i][j] : acc[i][j]);
      } else {
        storePart(out, accumulate ? loadPart(out, rest) + acc[i][j] : acc[i][j], rest);
      }
    }
  }
}

template <int kVectors>
static void smallPanel(int64_t rows, float* c, int64_t ldc, const float* a, int64_t rowStride, int64_t stepStride, const float* b,
                       int64_t ldb, int64_t steps, int64_t width, bool accumulate) {
  constexpr int kRows = smallRows(kVectors);
  int64_t i = 0;
  for (; i + kRows <= rows; i += kRows)
    smallTile<kRows, kVectors>(c + i * ldc, ldc, a + i * rowStride, rowStride, stepStride, b, ldb, steps, width, accumulate);
  c += i * ldc;
  a += i * rowStride;
  switch (rows - i) {
#define D2L_CASE(n) \
  case n: \
    if constexpr (n < kRows) smallTile<n, kVectors>(c, ldc, a, rowStride, stepStride, b, ldb, steps, width, accumulate); \
    return
    D2L_CASE(1); D2L_CASE(2); D2L_CASE(3); D2L_CASE(4); D2L_CASE(5);
    D2L_CASE(6); D2L_CASE(7); D2L_CASE(8); D2L_CASE(9); D2L_CASE(10); D2L_CASE(11);
#undef D2L_CASE
    default: return;
  }
}

static void smallGemm(int64_t rows, int64_t columns, int64_t steps, const float* a, int64_t rowStride, int64_t stepStride,
                      const float* b, int64_t ldb, float* c, int64_t ldc, bool accumulate) {
  if (steps <= 0) {
    if (!accumulate)
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < columns; ++j) c[i * ldc + j] = 0;
    return;
  }
  int64_t j = 0;
  if (rows == 1)  // wide tiles hide the latency of a sum
    for (; columns - j >= 4 * kVec; j += 4 * kVec) smallTile<1, 4>(c + j, ldc, a, rowStride, stepStride, b + j, ldb, steps, 4 * kVec, accumulate);
  for (; columns - j > kVec; j += 2 * kVec) {
    const int64_t width = columns - j < 2 * kVec ? columns - j : 2 * kVec;
    smallPanel<2>(rows, c + j, ldc, a, rowStride, stepStride, b + j, ldb, steps, width, accumulate);
  }
  if (j < columns) smallPanel<1>(rows, c + j, ldc, a, rowStride, stepStride, b + j, ldb, steps, columns - j, accumulate);
}

}  // namespace d2l
