// Numbers of 16 bits that stay so in memory, and become floats in registers: IEEE's half precision, and bfloat16.
#pragma once
#include "simd.h"
#if defined(__F16C__)
#include <immintrin.h>
#endif

namespace d2l {

// The words of storage.ts' HalfKind, in its order.
enum HalfKind { kNoHalf = 0, kFloat16 = 1, kBfloat16 = 2 };

struct Float16 {
  uint16_t bits;
};
struct Bfloat16 {
  uint16_t bits;
};

typedef uint16_t vh __attribute__((vector_size(D2L_VEC * 2)));
typedef uint16_t vhUnaligned __attribute__((vector_size(D2L_VEC * 2), aligned(2), may_alias));

D2L_INLINE float value(float x) { return x; }
D2L_INLINE float value(Bfloat16 x) {
  const uint32_t bits = (uint32_t)x.bits << 16;
  float v;
  __builtin_memcpy(&v, &bits, 4);
  return v;
}
D2L_INLINE float value(Float16 x) {
  // The exponent's bias is put right by a product, which also makes subnormal numbers normal.
  const bool isFinite = (x.bits & 0x7c00) != 0x7c00;
  const uint32_t bits = (uint32_t)(x.bits & 0x7fff) << 13 | (isFinite ? 0u : 0x7f800000u);
  float v;
  __builtin_memcpy(&v, &bits, 4);
  if (isFinite) v *= 0x1p112f;
  return x.bits & 0x8000 ? -v : v;
}

D2L_INLINE vf load(const Bfloat16* p) { return (vf)(__builtin_convertvector((vh)*(const vhUnaligned*)p, vu) << 16); }
D2L_INLINE vf load(const Float16* p) {
#if defined(__F16C__) && D2L_VEC == 16
  return (vf)_mm512_cvtph_ps(_mm256_loadu_si256((const __m256i*)p));
#elif defined(__F16C__) && D2L_VEC == 8
  return (vf)_mm256_cvtph_ps(_mm_loadu_si128((const __m128i*)p));
#else
  const vi half = (vi)__builtin_convertvector((vh)*(const vhUnaligned*)p, vu);
  const vi magnitude = (half & splatInt(0x7fff)) << 13;
  const vi infinite = (half & splatInt(0x7c00)) == splatInt(0x7c00);
  const vi bits = infinite ? magnitude | splatInt(0x7f800000) : (vi)((vf)magnitude * splat(0x1p112f));
  return (vf)(bits | (half & splatInt(0x8000)) << 16);
#endif
}

// The nearest number of 16 bits, of two the even one.
D2L_INLINE uint16_t narrowBfloat16(float x) {
  uint32_t bits;
  __builtin_memcpy(&bits, &x, 4);
  if (x != x) return (uint16_t)(bits >> 16 | 0x40);
  return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}
D2L_INLINE uint16_t narrowFloat16(float x) {
  uint32_t bits;
  __builtin_memcpy(&bits, &x, 4);
  const uint32_t sign = bits >> 16 & 0x8000;
  bits &= 0x7fffffff;
  if (bits > 0x7f800000) return (uint16_t)(sign | 0x7e00);
  if (bits >= 0x477ff000) return (uint16_t)(sign | 0x7c00);  // rounds to 2^16 or more
  if (bits < 0x38800000) {                                   // subnormal: the sum's last bit is worth 2^-24
    float magnitude;
    __builtin_memcpy(&magnitude, &bits, 4);
    magnitude += 0.5f;
    __builtin_memcpy(&bits, &magnitude, 4);
    return (uint16_t)(sign | (bits - 0x3f000000));
  }
  return (uint16_t)(sign | ((bits - 0x38000000 + 0xfff + (bits >> 13 & 1)) >> 13));
}

}  // namespace d2l
