// Writes rows as columns, by transposes of four by four in registers.
#pragma once
#include "simd.h"

namespace d2l {
namespace {

typedef float v4 __attribute__((vector_size(16)));
typedef float v4Unaligned __attribute__((vector_size(16), aligned(4), may_alias));
D2L_INLINE v4 load4(const float* p) { return *(const v4Unaligned*)p; }
D2L_INLINE void store4(float* p, v4 v) { *(v4Unaligned*)p = v; }

// dst[k][width] = rows[j][k] for j < count: 4 x 4 transposes in registers.
void packTransposed(float* dst, int64_t width, const float* const* rows, int64_t count, int64_t kc) {
  int64_t j = 0;
  for (; j + 4 <= count; j += 4) {
    const float *r0 = rows[j], *r1 = rows[j + 1], *r2 = rows[j + 2], *r3 = rows[j + 3];
    float* d = dst + j;
    int64_t k = 0;
    for (; k + 4 <= kc; k += 4) {
      const v4 a = load4(r0 + k), b = load4(r1 + k), c = load4(r2 + k), e = load4(r3 + k);
      const v4 ab0 = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab1 = __builtin_shufflevector(a, b, 2, 6, 3, 7);
      const v4 ce0 = __builtin_shufflevector(c, e, 0, 4, 1, 5), ce1 = __builtin_shufflevector(c, e, 2, 6, 3, 7);
      store4(d, __builtin_shufflevector(ab0, ce0, 0, 1, 4, 5));
      store4(d + width, __builtin_shufflevector(ab0, ce0, 2, 3, 6, 7));
      store4(d + 2 * width, __builtin_shufflevector(ab1, ce1, 0, 1, 4, 5));
      store4(d + 3 * width, __builtin_shufflevector(ab1, ce1, 2, 3, 6, 7));
      d += 4 * width;
    }
    for (; k < kc; ++k, d += width) { d[0] = r0[k]; d[1] = r1[k]; d[2] = r2[k]; d[3] = r3[k]; }
  }
  for (; j + 2 <= count; j += 2) {
    const float *r0 = rows[j], *r1 = rows[j + 1];
    float* d = dst + j;
    for (int64_t k = 0; k < kc; ++k, d += width) { d[0] = r0[k]; d[1] = r1[k]; }
  }
  for (; j < count; ++j) {
    const float* r = rows[j];
    float* d = dst + j;
    for (int64_t k = 0; k < kc; ++k, d += width) *d = r[k];
  }
}

}  // namespace
}  // namespace d2l
