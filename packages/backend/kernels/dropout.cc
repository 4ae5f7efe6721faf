// Inverted dropout with a mask that is a function of seed and position, so that nothing is stored for backward.
#include "abi.h"
#include "philox.h"

namespace d2l {

namespace {

// Factors of one block of positions: scale where the word passes the threshold, else 0.
inline void maskBlock(uint32_t counter, const DropoutKey& key, PhiloxFloats* first, PhiloxFloats* second) {
  PhiloxInts a, b;
  philoxBlock(counter, key.k0, key.k1, &a, &b);
  typedef uint32_t Words __attribute__((vector_size(8 * kPhiloxLanes)));
  const PhiloxInts threshold = (PhiloxInts){} + key.threshold;
  const PhiloxInts scale = (PhiloxInts)((PhiloxFloats){} + key.scale);
  *first = (PhiloxFloats)(((PhiloxInts)((Words)a >> 8) >= threshold) & scale);
  *second = (PhiloxFloats)(((PhiloxInts)((Words)b >> 8) >= threshold) & scale);
}

inline PhiloxFloats load(const float* p) {
  PhiloxFloats v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
inline void store(float* p, PhiloxFloats v) { __builtin_memcpy(p, &v, sizeof v); }

}  // namespace

void applyDropout(float* y, const float* x, int64_t start, int64_t n, const DropoutKey& key) {
  constexpr int half = kPhiloxWords / 2;
  int64_t i = 0;
  const int lead = (int)(start & 3);
  if (lead && n > 0) {  // a start inside a counter's four words
    float factors[kPhiloxWords];
    PhiloxFloats a, b;
    maskBlock((uint32_t)(start >> 2), key, &a, &b);
    store(factors, a);
    store(factors + half, b);
    for (int k = lead; k < kPhiloxWords && i < n; ++k, ++i) y[i] = x ? x[i] * factors[k] : factors[k];
    if (i == n) return;
  }
  uint32_t counter = (uint32_t)((start + i) >> 2);
  for (; i + kPhiloxWords <= n; i += kPhiloxWords, counter += kPhiloxLanes) {
    PhiloxFloats a, b;
    maskBlock(counter, key, &a, &b);
    if (x) {
      a *= load(x + i);
      b *= load(x + i + half);
    }
    store(y + i, a);
    store(y + i + half, b);
  }
  if (i < n) {
    float factors[kPhiloxWords];
    PhiloxFloats a, b;
    maskBlock(counter, key, &a, &b);
    store(factors, a);
    store(factors + half, b);
    for (int k = 0; i < n; ++k, ++i) y[i] = x ? x[i] * factors[k] : factors[k];
  }
}

// y, x, count, key0, key1, threshold, scale. The gradient is the same operation on dy.
D2L_OP(dropout) {
  Args a;
  float* y = a.ptr();
  const float* x = a.ptr();
  const int64_t n = (uint32_t)a.i32();
  DropoutKey key;
  key.k0 = (uint32_t)a.i32();
  key.k1 = (uint32_t)a.i32();
  key.threshold = a.i32();
  key.scale = a.f32();
  const int64_t blocks = (n + 63) / 64;
  parallelFor(blocks, 256, [&](int64_t from, int64_t to) {
    const int64_t end = to * 64 < n ? to * 64 : n;
    applyDropout(y + from * 64, x + from * 64, from * 64, end - from * 64, key);
  });
}

}  // namespace d2l
