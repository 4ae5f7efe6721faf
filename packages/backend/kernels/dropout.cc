// Inverted dropout with a mask that is a function of seed and position, so that nothing is stored for backward.
#include "abi.h"
#include "philox.h"

namespace d2l {

namespace {

constexpr int kFloats = 2 * kPhiloxLanes;           // in a vector
constexpr int kBlocks = 2;                          // of counters, made side by side
constexpr int kVectors = 4 * kBlocks;               // of factors that they give
constexpr int kPositions = kVectors * kFloats;      // 8 a counter

// Two vectors of factors, of the halves of one vector of words: scale where a half passes the threshold, else 0.
inline void halves(PhiloxInts words, const DropoutKey& key, PhiloxFloats* first, PhiloxFloats* second) {
  typedef uint32_t Words __attribute__((vector_size(8 * kPhiloxLanes)));
  const PhiloxInts threshold = (PhiloxInts){} + key.threshold;
  const PhiloxInts scale = (PhiloxInts)((PhiloxFloats){} + key.scale);
  const PhiloxInts lower = ((words & 0xffff) >= threshold) & scale;
  const PhiloxInts upper = ((PhiloxInts)((Words)words >> 16) >= threshold) & scale;
#if defined(__AVX512F__)
  *first = (PhiloxFloats)__builtin_shufflevector(lower, upper, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  *second = (PhiloxFloats)__builtin_shufflevector(lower, upper, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
#elif defined(__AVX2__)
  *first = (PhiloxFloats)__builtin_shufflevector(lower, upper, 0, 8, 1, 9, 2, 10, 3, 11);
  *second = (PhiloxFloats)__builtin_shufflevector(lower, upper, 4, 12, 5, 13, 6, 14, 7, 15);
#else
  *first = (PhiloxFloats)__builtin_shufflevector(lower, upper, 0, 4, 1, 5);
  *second = (PhiloxFloats)__builtin_shufflevector(lower, upper, 2, 6, 3, 7);
#endif
}

// Factors of kPositions positions, from the counter's first on.
inline void maskBlock(uint32_t counter, const DropoutKey& key, const PhiloxKeys& keys, PhiloxFloats (&factors)[kVectors]) {
  PhiloxInts words[2 * kBlocks];
  philoxBlocks<kBlocks>(counter, keys, words);
  for (int i = 0; i < 2 * kBlocks; ++i) halves(words[i], key, factors + 2 * i, factors + 2 * i + 1);
}

inline PhiloxFloats load(const float* p) {
  PhiloxFloats v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
inline void store(float* p, PhiloxFloats v) { __builtin_memcpy(p, &v, sizeof v); }

}  // namespace

void applyDropout(float* y, const float* x, int64_t start, int64_t n, const DropoutKey& key) {
  const PhiloxKeys keys(key.k0, key.k1);
  PhiloxFloats factors[kVectors];
  int64_t i = 0;
  // Positions from `lane` of a block on, where a whole block does not fit.
  const auto some = [&](int64_t lane) {
    float lanes[kPositions];
    for (int k = 0; k < kVectors; ++k) store(lanes + k * kFloats, factors[k]);
    for (; lane < kPositions && i < n; ++lane, ++i) y[i] = x ? x[i] * lanes[lane] : lanes[lane];
  };
  if (start & 7) {  // a start inside a counter's positions
    maskBlock((uint32_t)(start >> 3), key, keys, factors);
    some(start & 7);
  }
  for (; i + kPositions <= n; i += kPositions) {
    maskBlock((uint32_t)((start + i) >> 3), key, keys, factors);
    for (int k = 0; k < kVectors; ++k) {
      const int64_t at = i + k * kFloats;
      store(y + at, x ? factors[k] * load(x + at) : factors[k]);
    }
  }
  if (i < n) {
    maskBlock((uint32_t)((start + i) >> 3), key, keys, factors);
    some(0);
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
  parallelFor(blocks, 128, [&](int64_t from, int64_t to) {
    const int64_t end = to * 64 < n ? to * 64 : n;
    applyDropout(y + from * 64, x + from * 64, from * 64, end - from * 64, key);
  });
}

}  // namespace d2l
