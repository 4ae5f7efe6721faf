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

// The keys of the ten rounds.
struct PhiloxKeys {
  PhiloxVec first[10], second[10];
  PhiloxKeys(uint32_t k0, uint32_t k1) {
    for (int round = 0; round < 10; ++round) {
      first[round] = (PhiloxVec){} + (uint64_t)(uint32_t)(k0 + (uint32_t)round * 0x9E3779B9u);
      second[round] = (PhiloxVec){} + (uint64_t)(uint32_t)(k1 + (uint32_t)round * 0xBB67AE85u);
    }
  }
};

// The words of counters [counter, counter + kBlocks · kPhiloxLanes) in order. A round waits for the one before, so
// several blocks side by side are faster than one after the other.
template <int kBlocks>
static inline __attribute__((always_inline)) void philoxBlocks(uint32_t counter, const PhiloxKeys& keys, PhiloxInts (&words)[2 * kBlocks]) {
  PhiloxVec c0[kBlocks], c1[kBlocks], c2[kBlocks], c3[kBlocks];
#pragma GCC unroll 4
  for (int b = 0; b < kBlocks; ++b) {
    for (int i = 0; i < kPhiloxLanes; ++i) c0[b][i] = (uint32_t)(counter + (uint32_t)(b * kPhiloxLanes + i));
    c1[b] = c2[b] = c3[b] = (PhiloxVec){};
  }
#pragma GCC unroll 10
  for (int round = 0; round < 10; ++round) {
#pragma GCC unroll 4
    for (int b = 0; b < kBlocks; ++b) {
      const PhiloxVec p0 = philoxMul(c0[b], 0xD2511F53u), p1 = philoxMul(c2[b], 0xCD9E8D57u);
      c0[b] = (p1 >> 32) ^ (c1[b] ^ keys.first[round]);
      c2[b] = (p0 >> 32) ^ (c3[b] ^ keys.second[round]);
      c1[b] = p1;
      c3[b] = p0;
    }
  }
  const PhiloxVec low = (PhiloxVec){} + 0xffffffffull;
#pragma GCC unroll 4
  for (int b = 0; b < kBlocks; ++b) {
    const PhiloxVec w01 = (c0[b] & low) | (c1[b] << 32), w23 = (c2[b] & low) | (c3[b] << 32);
#if defined(__AVX512F__)
    words[2 * b] = (PhiloxInts)__builtin_shufflevector(w01, w23, 0, 8, 1, 9, 2, 10, 3, 11);
    words[2 * b + 1] = (PhiloxInts)__builtin_shufflevector(w01, w23, 4, 12, 5, 13, 6, 14, 7, 15);
#elif defined(__AVX2__)
    words[2 * b] = (PhiloxInts)__builtin_shufflevector(w01, w23, 0, 4, 1, 5);
    words[2 * b + 1] = (PhiloxInts)__builtin_shufflevector(w01, w23, 2, 6, 3, 7);
#else
    words[2 * b] = (PhiloxInts)__builtin_shufflevector(w01, w23, 0, 2);
    words[2 * b + 1] = (PhiloxInts)__builtin_shufflevector(w01, w23, 1, 3);
#endif
  }
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
