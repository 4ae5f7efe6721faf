// Softmax of one row, shared by masked softmax and attention.
#pragma once
#include "math.h"
#include "rows.h"

namespace d2l {

// y = softmax(x[0, n)), zeros if every x is −∞; y may be x. Returns nothing past n.
static inline void softmaxRow(float* y, const float* x, int64_t n) {
  if (n <= 0) return;
  const float m = rowMax(x, n);
  if (m == kNegInf) {
    const bool nan = x[0] != x[0];
    for (int64_t i = 0; i < n; ++i) y[i] = nan ? x[0] : 0;
    return;
  }
  const vf shift = splat(m);
  vf s0 = splat(0), s1 = s0;
  int64_t i = 0;
  for (; i + 2 * kVec <= n; i += 2 * kVec) {
    const vf a = vexpNegative(load(x + i) - shift), b = vexpNegative(load(x + i + kVec) - shift);
    store(y + i, a);
    store(y + i + kVec, b);
    s0 += a;
    s1 += b;
  }
  for (; i + kVec <= n; i += kVec) {
    const vf a = vexpNegative(load(x + i) - shift);
    store(y + i, a);
    s0 += a;
  }
  if (i < n) {
    const vf a = vexpNegative(loadPart(x + i, n - i, kNegInf) - shift);
    storePart(y + i, a, n - i);
    s1 += a;
  }
  const float inverse = 1 / sum(s0 + s1);
  const vf scale = splat(inverse);
  for (i = 0; i + kVec <= n; i += kVec) store(y + i, load(y + i) * scale);
  for (; i < n; ++i) y[i] *= inverse;
}

// Exponentials of a row with room for whole vectors, in place: x[i] = e^(x[i] − max), zeros from n to whole vectors.
// Returns what makes them add up to 1, or 0 (and zeros) where there is nothing to see.
static inline float expPadded(float* x, int64_t n) {
  if (n <= 0) return 0;
  const int64_t end = (n - 1) / kVec * kVec;  // start of the last vector
  vi lane;
  for (int i = 0; i < kVec; ++i) lane[i] = i;
  const vf rest = select(lane < splatInt((int32_t)(n - end)), load(x + end), splat(kNegInf));
  vf most = rest;
  for (int64_t i = 0; i < end; i += kVec) most = vmax(most, load(x + i));
  const float m = largest(most);
  if (m == kNegInf && x[0] == x[0]) {
    for (int64_t i = 0; i < end + kVec; ++i) x[i] = 0;
    return 0;
  }
  const vf shift = splat(m);
  vf total = vexpNegative(rest - shift);
  store(x + end, total);
  for (int64_t i = 0; i < end; i += kVec) {
    const vf e = vexpNegative(load(x + i) - shift);
    store(x + i, e);
    total += e;
  }
  return 1 / sum(total);
}

}  // namespace d2l
