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

// The same in place for a row with room for whole vectors; zeros from n to `upTo`.
static inline void softmaxPadded(float* x, int64_t n, int64_t upTo) {
  if (n < 0) n = 0;
  const int64_t whole = (n + kVec - 1) / kVec * kVec;
  for (int64_t i = n; i < whole; ++i) x[i] = kNegInf;
  vf most = splat(kNegInf);
  for (int64_t i = 0; i < whole; i += kVec) most = vmax(most, load(x + i));
  const float m = n > 0 ? largest(most) : kNegInf;
  if (m == kNegInf && !(n > 0 && x[0] != x[0])) {
    for (int64_t i = 0; i < whole || i < upTo; ++i) x[i] = 0;
    return;
  }
  const vf shift = splat(m);
  vf total = splat(0);
  for (int64_t i = 0; i < whole; i += kVec) {
    const vf e = vexpNegative(load(x + i) - shift);
    store(x + i, e);
    total += e;
  }
  const vf scale = splat(1 / sum(total));
  for (int64_t i = 0; i < whole; i += kVec) store(x + i, load(x + i) * scale);
  for (int64_t i = whole; i < upTo; ++i) x[i] = 0;
}

}  // namespace d2l
