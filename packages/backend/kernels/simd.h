// The vector type of this build, by macro: 16 floats (AVX-512), 8 (AVX2) or 4 (SSE, NEON, WebAssembly).
// Compiler vector types only, no intrinsics, so that one source serves every target.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifndef D2L_VEC
#if defined(__AVX512F__)
#define D2L_VEC 16
#elif defined(__AVX2__)
#define D2L_VEC 8
#else
#define D2L_VEC 4
#endif
#endif

#define D2L_INLINE inline __attribute__((always_inline))

namespace d2l {

constexpr int kVec = D2L_VEC;  // floats in a vector

typedef float vf __attribute__((vector_size(D2L_VEC * 4)));
typedef int32_t vi __attribute__((vector_size(D2L_VEC * 4)));
typedef uint32_t vu __attribute__((vector_size(D2L_VEC * 4)));
typedef float vfUnaligned __attribute__((vector_size(D2L_VEC * 4), aligned(4), may_alias));
typedef int32_t viUnaligned __attribute__((vector_size(D2L_VEC * 4), aligned(4), may_alias));

// An explicit splat: `vf{} + x` costs a real addition.
D2L_INLINE vf splat(float x) {
#if D2L_VEC == 16
  return vf{x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x};
#elif D2L_VEC == 8
  return vf{x, x, x, x, x, x, x, x};
#else
  return vf{x, x, x, x};
#endif
}
D2L_INLINE vi splatInt(int32_t x) {
#if D2L_VEC == 16
  return vi{x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x};
#elif D2L_VEC == 8
  return vi{x, x, x, x, x, x, x, x};
#else
  return vi{x, x, x, x};
#endif
}

D2L_INLINE vf load(const float* p) { return *(const vfUnaligned*)p; }
D2L_INLINE void store(float* p, vf v) { *(vfUnaligned*)p = v; }
D2L_INLINE vi loadInts(const int32_t* p) { return *(const viUnaligned*)p; }
D2L_INLINE void storeInts(int32_t* p, vi v) { *(viUnaligned*)p = v; }

// The first n floats (0 < n <= kVec); the other lanes are `fill`. Never touches memory past p[n - 1].
D2L_INLINE vf loadPart(const float* p, int64_t n, float fill = 0) {
  if (n >= kVec) return load(p);
  vf v = splat(fill);
  float* lanes = (float*)&v;
#if D2L_VEC == 16
  if (n & 8) __builtin_memcpy(lanes, p, 32);
#endif
#if D2L_VEC >= 8
  if (n & 4) __builtin_memcpy(lanes + (n & 8), p + (n & 8), 16);
#endif
  for (int64_t i = n & ~3; i < n; ++i) lanes[i] = p[i];
  return v;
}
D2L_INLINE void storePart(float* p, vf v, int64_t n) {
  if (n >= kVec) return store(p, v);
  const float* lanes = (const float*)&v;
#if D2L_VEC == 16
  if (n & 8) __builtin_memcpy(p, lanes, 32);
#endif
#if D2L_VEC >= 8
  if (n & 4) __builtin_memcpy(p + (n & 8), lanes + (n & 8), 16);
#endif
  for (int64_t i = n & ~3; i < n; ++i) p[i] = lanes[i];
}

D2L_INLINE vf bitsToFloat(vi v) { return (vf)v; }
D2L_INLINE vi floatToBits(vf v) { return (vi)v; }
D2L_INLINE vf select(vi mask, vf yes, vf no) { return mask ? yes : no; }
// NaN in `a` stays (the comparison is false then).
D2L_INLINE vf vmin(vf a, vf b) { return select(b < a, b, a); }
D2L_INLINE vf vmax(vf a, vf b) { return select(b > a, b, a); }
D2L_INLINE vf vabs(vf a) { return (vf)((vi)a & splatInt(0x7fffffff)); }
D2L_INLINE vf copySign(vf magnitude, vf sign) {
  return (vf)(((vi)magnitude & splatInt(0x7fffffff)) | ((vi)sign & splatInt((int32_t)0x80000000)));
}
// Element by element; compiles to one square-root instruction where there is one.
D2L_INLINE vf vsqrt(vf a) {
  vf r;
  for (int i = 0; i < kVec; ++i) r[i] = __builtin_sqrtf(a[i]);
  return r;
}

// Halves are added until two lanes are left: the same order in every build with this many lanes.
D2L_INLINE float sum(vf v) {
  typedef float Four __attribute__((vector_size(16)));
#if D2L_VEC == 16
  const auto eight = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) + __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
#elif D2L_VEC == 8
  const vf eight = v;
#endif
#if D2L_VEC >= 8
  const Four four = __builtin_shufflevector(eight, eight, 0, 1, 2, 3) + __builtin_shufflevector(eight, eight, 4, 5, 6, 7);
#else
  const Four four = v;
#endif
  const Four two = four + __builtin_shufflevector(four, four, 2, 3, 2, 3);
  return two[0] + two[1];
}
D2L_INLINE float maximum(vf v) {
  const float* l = (const float*)&v;
  float m = l[0];
  for (int i = 1; i < kVec; ++i) m = l[i] > m || l[i] != l[i] ? l[i] : m;
  return m;
}

}  // namespace d2l
