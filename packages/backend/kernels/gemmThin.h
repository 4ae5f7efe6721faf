// Products of a few rows with a transposed matrix, as in decoding token by token: dot products with the rows of B where
// they lie, because packing B costs more than such a product. Only gemm.cc includes this.
//
// Columns are taken far apart, one from each of some stretches of B that are read from beginning to end: the processor
// fetches ahead along several long streams, three times as fast (Zen 3, rows of 1 KiB) as when it reads neighbouring rows.
#pragma once
#include "gemm.h"
#include "half.h"

namespace d2l {
namespace {

// out[r][j + c apart] = beta out[r][j + c apart] + alpha a[r] · b[j + c apart], for R rows and C columns.
template <int R, int C, class W>
D2L_INLINE void dotTile(const float* const* a, const W* b, int64_t stride, int64_t k, float alpha, float beta, float* const* out,
                        int64_t j, int64_t apart) {
  vf acc[R][C];
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
    for (int c = 0; c < C; ++c) acc[r][c] = splat(0);
  const W* columns[C];
#pragma GCC unroll 8
  for (int c = 0; c < C; ++c) columns[c] = b + (j + c * apart) * stride;
  int64_t i = 0;
  for (; i + kVec <= k; i += kVec) {
    vf row[R];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) row[r] = load(a[r] + i);
#pragma GCC unroll 8
    for (int c = 0; c < C; ++c) {
      const vf w = load(columns[c] + i);
#pragma GCC unroll 8
      for (int r = 0; r < R; ++r) acc[r][c] += row[r] * w;
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
    for (int c = 0; c < C; ++c) {
      float total = sum(acc[r][c]);
      for (int64_t rest = i; rest < k; ++rest) total += a[r][rest] * value(columns[c][rest]);
      float& to = out[r][j + c * apart];
      to = beta == 0 ? alpha * total : alpha * total + beta * to;
    }
}

template <int R, int C, class W>
void dotTiles(const float* const* a, const W* b, int64_t stride, int64_t k, float alpha, float beta, float* const* out, int64_t from,
              int64_t to, int64_t apart) {
  for (int64_t j = from; j < to; ++j) dotTile<R, C>(a, b, stride, k, alpha, beta, out, j, apart);
}

constexpr int64_t kThinRows = 8;                       // beyond, packing B pays
constexpr int64_t kThinTile = D2L_VEC == 16 ? 6 : D2L_VEC == 8 ? 3 : 2;  // rows at once, by `C` columns: what the registers hold

// Columns j + c apart, from <= j < to and 0 <= c < C, of m rows; `a` and `out` point to the rows.
template <int C, class W>
void thinStretches(int64_t m, const float* const* a, const W* b, int64_t stride, int64_t k, float alpha, float beta, float* const* out,
                   int64_t from, int64_t to, int64_t apart) {
  const int64_t tiles = (m + kThinTile - 1) / kThinTile;
  // With several tiles of rows, few columns at a time: each row of B comes from memory once.
  const int64_t columns = tiles > 1 ? 1 + 4096 / C / k : to - from;
  for (int64_t j = from; j < to; j += columns) {
    const int64_t end = j + columns < to ? j + columns : to;
    for (int64_t t = 0; t < tiles; ++t) {
      const int64_t i = m * t / tiles;
      switch (m * (t + 1) / tiles - i) {
        case 1: dotTiles<1, C>(a + i, b, stride, k, alpha, beta, out + i, j, end, apart); break;
        case 2: dotTiles<2, C>(a + i, b, stride, k, alpha, beta, out + i, j, end, apart); break;
#if D2L_VEC == 16
        case 4: dotTiles<4, C>(a + i, b, stride, k, alpha, beta, out + i, j, end, apart); break;
        case 5: dotTiles<5, C>(a + i, b, stride, k, alpha, beta, out + i, j, end, apart); break;
        case 6: dotTiles<6, C>(a + i, b, stride, k, alpha, beta, out + i, j, end, apart); break;
#endif
        default: dotTiles<3, C>(a + i, b, stride, k, alpha, beta, out + i, j, end, apart); break;
      }
    }
  }
}

// Columns [from, to) of m rows; `a` and `out` point to the rows. Weights of 16 bits become floats in the registers.
template <class W>
void thinColumns(int64_t m, const float* const* a, const W* b, int64_t stride, int64_t k, float alpha, float beta, float* const* out,
                 int64_t from, int64_t to) {
  const int64_t atOnce = m == 1 ? 8 : 4, apart = (to - from) / atOnce;
  const int64_t end = from + apart;
  if (m == 1) dotTiles<1, 8>(a, b, stride, k, alpha, beta, out, from, end, apart);
  else thinStretches<4>(m, a, b, stride, k, alpha, beta, out, from, end, apart);
  thinStretches<1>(m, a, b, stride, k, alpha, beta, out, from + apart * atOnce, to, 0);
}

}  // namespace
}  // namespace d2l
