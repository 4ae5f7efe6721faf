// Vector loops over one row whose length need not be a multiple of the vector width.
#pragma once
#include "simd.h"

namespace d2l {

constexpr float kNegInf = -__builtin_inff();

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
  if (i < n) m1 = vmax(m1, loadPart(x + i, n - i, kNegInf));
  return maximum(vmax(vmax(m0, m1), vmax(m2, m3)));
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
  if (i < n) s1 += loadPart(x + i, n - i, 0);
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
  if (i < n) s1 += loadPart(x + i, n - i, 0) * loadPart(y + i, n - i, 0);
  return sum(s0 + s1);
}

}  // namespace d2l
