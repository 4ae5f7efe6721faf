// The micro-kernels of gemm: a register tile of C, summed over k and stored once. Only gemm.cc includes this.
#pragma once
#include "gemm.h"

namespace d2l {
namespace {

#define D2L_UNROLL _Pragma("GCC unroll 32")  // keeps the tile in registers from the start

struct Tile {
  int64_t k;
  const float* a;            // A by columns, `stepA` floats from one k to the next: packed, or a transposed A where it lies
  int64_t stepA;
  const float* const* rows;  // or direct A: a pointer to each row
  const float* b;            // B, `stepB` floats from one k to the next
  int64_t stepB;
  float* const* c;           // the rows of C
  float alpha, beta;
  const float* bias;         // added in the end, or null
  bool relu;                 // then only what is positive stays
};

template <int MR, int NV>
D2L_INLINE void storeTile(const vf (&acc)[MR][NV], const Tile& t) {
  const vf alpha = splat(t.alpha);
  if (t.beta == 0) {
    vf bias[NV];
    D2L_UNROLL for (int j = 0; j < NV; ++j) bias[j] = t.bias ? load(t.bias + j * kVec) : splat(0);
    if (t.relu) {
      D2L_UNROLL for (int i = 0; i < MR; ++i)
        D2L_UNROLL for (int j = 0; j < NV; ++j) store(t.c[i] + j * kVec, vmax(acc[i][j] * alpha + bias[j], splat(0)));
    } else {
      D2L_UNROLL for (int i = 0; i < MR; ++i)
        D2L_UNROLL for (int j = 0; j < NV; ++j) store(t.c[i] + j * kVec, acc[i][j] * alpha + bias[j]);
    }
  } else {
    const vf beta = splat(t.beta);
    D2L_UNROLL for (int i = 0; i < MR; ++i)
      D2L_UNROLL for (int j = 0; j < NV; ++j) store(t.c[i] + j * kVec, acc[i][j] * alpha + load(t.c[i] + j * kVec) * beta);
  }
}

template <int MR, int NV>
void microPacked(const Tile& t) {
  D2L_UNROLL for (int i = 0; i < MR; ++i) __builtin_prefetch(t.c[i], 1);  // C is wanted at the end of the sum
  vf acc[MR][NV];
  D2L_UNROLL for (int i = 0; i < MR; ++i)
    D2L_UNROLL for (int j = 0; j < NV; ++j) acc[i][j] = splat(0);
  const float* a = t.a;
  const float* b = t.b;
  const int64_t stepA = t.stepA, stepB = t.stepB;
  for (int64_t p = t.k; p > 0; --p) {
    vf bv[NV];
    D2L_UNROLL for (int j = 0; j < NV; ++j) bv[j] = load(b + j * kVec);
    D2L_UNROLL for (int i = 0; i < MR; ++i) {
      const vf av = splat(a[i]);
      D2L_UNROLL for (int j = 0; j < NV; ++j) acc[i][j] += av * bv[j];
    }
    a += stepA;
    b += stepB;
  }
  storeTile<MR, NV>(acc, t);
}

template <int MR, int NV>
void microDirect(const Tile& t) {
  D2L_UNROLL for (int i = 0; i < MR; ++i) __builtin_prefetch(t.c[i], 1);  // C is wanted at the end of the sum
  vf acc[MR][NV];
  D2L_UNROLL for (int i = 0; i < MR; ++i)
    D2L_UNROLL for (int j = 0; j < NV; ++j) acc[i][j] = splat(0);
  const float* a[MR];
  D2L_UNROLL for (int i = 0; i < MR; ++i) a[i] = t.rows[i];
  const float* b = t.b;
  const int64_t k = t.k, step = t.stepB;
  for (int64_t p = 0; p < k; ++p) {
    vf bv[NV];
    D2L_UNROLL for (int j = 0; j < NV; ++j) bv[j] = load(b + j * kVec);
    D2L_UNROLL for (int i = 0; i < MR; ++i) {
      const vf av = splat(a[i][p]);
      D2L_UNROLL for (int j = 0; j < NV; ++j) acc[i][j] += av * bv[j];
    }
    b += step;
  }
  storeTile<MR, NV>(acc, t);
}

using Micro = void (*)(const Tile&);

template <int NV>
D2L_INLINE Micro pickMicro(int mr, bool packed) {
  switch (mr) {
#define D2L_CASE(n) case n: return packed ? &microPacked<n, NV> : &microDirect<n, NV>
    D2L_CASE(1); D2L_CASE(2); D2L_CASE(3);
#if D2L_VEC >= 8
    D2L_CASE(4); D2L_CASE(5);
#endif
#if D2L_VEC == 16
    D2L_CASE(6); D2L_CASE(7); D2L_CASE(8); D2L_CASE(9); D2L_CASE(10); D2L_CASE(11);
#endif
#undef D2L_CASE
    default: return packed ? &microPacked<kTileRows, NV> : &microDirect<kTileRows, NV>;
  }
}

}  // namespace
}  // namespace d2l
