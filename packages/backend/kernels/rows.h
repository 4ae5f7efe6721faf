// Vector loops over one row whose length need not be a multiple of the vector width.
#pragma once
#include "simd.h"

namespace d2l {

constexpr float kNegInf = -__builtin_inff();

// Largest lane; a NaN may or may not win.
static D2L_INLINE float largest(vf v) {
  const float* l = (const float*)&v;
#if D2L_VEC == 16
  typedef float half __attribute__((vector_size(32)));
  half a, b;
  __builtin_memcpy(&a, l, 32);
  __builtin_memcpy(&b, l + 8, 32);
  a = a > b ? a : b;
  l = (const float*)&a;
#endif
  typedef float four __attribute__((vector_size(16)));
  four x;
  __builtin_memcpy(&x, l, 16);
#if D2L_VEC >= 8
  four y;
  __builtin_memcpy(&y, l + 4, 16);
  x = x > y ? x : y;
#endif
  const four z = __builtin_shufflevector(x, x, 2, 3, 0, 1);
  x = x > z ? x : z;
  return x[0] > x[1] ? x[0] : x[1];
}

// For a row of n >= kVec floats whose length is no multiple of kVec: its last kVec floats are one more vector, of which
// the first lanes were met before. All ones in the lanes that are new.
static D2L_INLINE vi newLanes(int64_t n) {
  vi lane;
  for (int i = 0; i < kVec; ++i) lane[i] = i;
  return lane >= splatInt((int32_t)(kVec - n % kVec));
}

static inline float rowMax(const float* x, int64_t n) {
  vf m0 = splat(kNegInf), m1 = m0, m2 = m0, m3 = m0;
  int64_t i = 0;
  for (; i + 4 * kVec <= n; i += 4 * kVec) {
    m0 = vmax(m0, load(x + i));
    m1 = vmax(m1, load(x + i + kVec));
    m2 = vmax(m2, load(x + i + 2 * kVec));
    m3 = vmax(m3, load(x + i + 3 * kVec));
  }
  for (; i + kVec <= n; i += kVec) m0 = vmax(m0, load(x + i));
  if (i < n) m1 = vmax(m1, n >= kVec ? load(x + n - kVec) : loadPart(x + i, n - i, kNegInf));
  return largest(vmax(vmax(m0, m1), vmax(m2, m3)));
}

static inline float rowSum(const float* x, int64_t n) {
  vf s0 = splat(0), s1 = s0, s2 = s0, s3 = s0;
  int64_t i = 0;
  for (; i + 4 * kVec <= n; i += 4 * kVec) {
    s0 += load(x + i);
    s1 += load(x + i + kVec);
    s2 += load(x + i + 2 * kVec);
    s3 += load(x + i + 3 * kVec);
  }
  for (; i + kVec <= n; i += kVec) s0 += load(x + i);
  if (i < n) s1 += n >= kVec ? select(newLanes(n), load(x + n - kVec), splat(0)) : loadPart(x + i, n - i, 0);
  return sum((s0 + s1) + (s2 + s3));
}

static inline float rowDot(const float* x, const float* y, int64_t n) {
  vf s0 = splat(0), s1 = s0;
  int64_t i = 0;
  for (; i + 2 * kVec <= n; i += 2 * kVec) {
    s0 += load(x + i) * load(y + i);
    s1 += load(x + i + kVec) * load(y + i + kVec);
  }
  for (; i + kVec <= n; i += kVec) s0 += load(x + i) * load(y + i);
  if (i < n) s1 += n >= kVec ? select(newLanes(n), load(x + n - kVec) * load(y + n - kVec), splat(0)) : loadPart(x + i, n - i, 0) * loadPart(y + i, n - i, 0);
  return sum(s0 + s1);
}

}  // namespace d2l
