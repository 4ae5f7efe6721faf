// Philox4x32-10, the counter-based generator behind dropout (Salmon et al., "Parallel random numbers: as easy
// as 1, 2, 3", SC 2011). Position i of a mask is the lower (even i) or upper half of word (i >> 1) & 3 of the block with
// counter (i >> 3, 0, 0, 0).
#pragma once
#include <stdint.h>

#if defined(__AVX2__) || defined(__AVX512F__)
#include <immintrin.h>
#endif

namespace d2l {

#if defined(__AVX512F__)
constexpr int kPhiloxLanes = 8;
#elif defined(__AVX2__)
constexpr int kPhiloxLanes = 4;
#else
constexpr int kPhiloxLanes = 2;
#endif

typedef uint64_t PhiloxVec __attribute__((vector_size(8 * kPhiloxLanes)));
typedef int32_t PhiloxInts __attribute__((vector_size(8 * kPhiloxLanes)));
typedef float PhiloxFloats __attribute__((vector_size(8 * kPhiloxLanes)));

// Product of the low 32 bits of every 64-bit lane with m; what is in the high halves of `a` does not matter.
static inline PhiloxVec philoxMul(PhiloxVec a, uint32_t m) {
#if defined(__AVX512F__)
  return (PhiloxVec)_mm512_mul_epu32((__m512i)a, _mm512_set1_epi64(m));
#elif defined(__AVX2__)
  return (PhiloxVec)_mm256_mul_epu32((__m256i)a, _mm256_set1_epi64x(m));
#elif defined(__wasm__)
  typedef uint32_t u2 __attribute__((vector_size(8)));
  typedef uint32_t u4 __attribute__((vector_size(16)));
  const u4 words = (u4)a;
  const u2 low = __builtin_shufflevector(words, words, 0, 2);
  return __builtin_convertvector(low, PhiloxVec) * __builtin_convertvector((u2){m, m}, PhiloxVec);
#else
  return (a & 0xffffffffull) * (uint64_t)m;
#endif
}

// The words of counters [counter, counter + kPhiloxLanes) in order, as two vectors of 32-bit words.
static inline void philoxBlock(uint32_t counter, uint32_t k0, uint32_t k1, PhiloxInts* first, PhiloxInts* second) {
  PhiloxVec c0, c1 = {}, c2 = {}, c3 = {};
  for (int i = 0; i < kPhiloxLanes; ++i) c0[i] = (uint32_t)(counter + (uint32_t)i);
#pragma GCC unroll 10
  for (int round = 0; round < 10; ++round) {
    const uint64_t key0 = (uint32_t)(k0 + (uint32_t)round * 0x9E3779B9u), key1 = (uint32_t)(k1 + (uint32_t)round * 0xBB67AE85u);
    const PhiloxVec p0 = philoxMul(c0, 0xD2511F53u), p1 = philoxMul(c2, 0xCD9E8D57u);
    c0 = (p1 >> 32) ^ c1 ^ key0;
    c2 = (p0 >> 32) ^ c3 ^ key1;
    c1 = p1;
    c3 = p0;
  }
  const PhiloxVec low = (PhiloxVec){} + 0xffffffffull;
  const PhiloxVec w01 = (c0 & low) | (c1 << 32), w23 = (c2 & low) | (c3 << 32);
#if defined(__AVX512F__)
  *first = (PhiloxInts)__builtin_shufflevector(w01, w23, 0, 8, 1, 9, 2, 10, 3, 11);
  *second = (PhiloxInts)__builtin_shufflevector(w01, w23, 4, 12, 5, 13, 6, 14, 7, 15);
#elif defined(__AVX2__)
  *first = (PhiloxInts)__builtin_shufflevector(w01, w23, 0, 4, 1, 5);
  *second = (PhiloxInts)__builtin_shufflevector(w01, w23, 2, 6, 3, 7);
#else
  *first = (PhiloxInts)__builtin_shufflevector(w01, w23, 0, 2);
  *second = (PhiloxInts)__builtin_shufflevector(w01, w23, 1, 3);
#endif
}

// What decides a mask: the key, and the halves kept, those >= threshold = round(p · 2^16).
struct DropoutKey {
  uint32_t k0, k1;
  int32_t threshold;
  float scale;  // of the kept values, 1 / (1 − p)
};

// y[i] = x[i] · mask(start + i); x == nullptr gives the mask itself. In place is allowed.
void applyDropout(float* y, const float* x, int64_t start, int64_t n, const DropoutKey& key);

}  // namespace d2l
