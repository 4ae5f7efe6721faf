// Products of a few rows with a transposed matrix, as in decoding token by token: dot products with the rows of B where
// they lie, because packing B costs more than such a product. Only gemm.cc includes this.
#pragma once
#include "gemm.h"

namespace d2l {
namespace {

// out[r][c] = beta out[r][c] + alpha a[r] · b[c], for R rows and C columns.
template <int R, int C>
void dotTile(const float* const* a, const float* b, int64_t stride, int64_t k, float alpha, float beta, float* const* out, int64_t col) {
  vf acc[R][C];
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
    for (int c = 0; c < C; ++c) acc[r][c] = splat(0);
  int64_t i = 0;
  for (; i + kVec <= k; i += kVec) {
    vf row[R];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) row[r] = load(a[r] + i);
#pragma GCC unroll 8
    for (int c = 0; c < C; ++c) {
      const vf w = load(b + c * stride + i);
#pragma GCC unroll 8
      for (int r = 0; r < R; ++r) acc[r][c] += row[r] * w;
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
    for (int c = 0; c < C; ++c) {
      float total = sum(acc[r][c]);
      for (int64_t j = i; j < k; ++j) total += a[r][j] * b[c * stride + j];
      float& to = out[r][col + c];
      to = beta == 0 ? alpha * total : alpha * total + beta * to;
    }
}

template <int R>
void dotColumns(const float* const* a, const float* b, int64_t stride, int64_t k, float alpha, float beta, float* const* out, int64_t from,
                int64_t to) {
  constexpr int kAtOnce = R == 1 ? 8 : R == 4 && D2L_VEC < 16 ? 2 : 4;  // what the registers hold
  int64_t j = from;
  for (; j + kAtOnce <= to; j += kAtOnce) dotTile<R, kAtOnce>(a, b + j * stride, stride, k, alpha, beta, out, j);
  for (; j < to; ++j) dotTile<R, 1>(a, b + j * stride, stride, k, alpha, beta, out, j);
}

constexpr int64_t kThinRows = 8;                       // beyond, packing B pays
constexpr int64_t kThinTile = D2L_VEC == 16 ? 6 : 4;  // rows at once

// Columns [from, to) of m rows; `a` and `out` point to the rows.
void thinColumns(int64_t m, const float* const* a, const float* b, int64_t stride, int64_t k, float alpha, float beta, float* const* out,
                 int64_t from, int64_t to) {
  const int64_t tiles = (m + kThinTile - 1) / kThinTile;
  // With several tiles of rows, few columns at a time: each row of B comes from memory once.
  const int64_t columns = tiles > 1 ? 4 + 4096 / k / 4 * 4 : to - from;
  for (int64_t j = from; j < to; j += columns) {
    const int64_t end = j + columns < to ? j + columns : to;
    for (int64_t t = 0; t < tiles; ++t) {
      const int64_t i = m * t / tiles;
      switch (m * (t + 1) / tiles - i) {
        case 1: dotColumns<1>(a + i, b, stride, k, alpha, beta, out + i, j, end); break;
        case 2: dotColumns<2>(a + i, b, stride, k, alpha, beta, out + i, j, end); break;
        case 3: dotColumns<3>(a + i, b, stride, k, alpha, beta, out + i, j, end); break;
#if D2L_VEC == 16
        case 5: dotColumns<5>(a + i, b, stride, k, alpha, beta, out + i, j, end); break;
        case 6: dotColumns<6>(a + i, b, stride, k, alpha, beta, out + i, j, end); break;
#endif
        default: dotColumns<4>(a + i, b, stride, k, alpha, beta, out + i, j, end); break;
      }
    }
  }
}

}  // namespace
}  // namespace d2l
