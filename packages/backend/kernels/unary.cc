// Elementwise operations of one operand, and casts.
#include "loops.h"
#include "math.h"

namespace d2l {

namespace {

// Parameters that some operations take: clip bounds, slopes.
struct Params { float p, q; };

// Natural logarithm of 1 + x: the rounding of 1 + x is made good by x / ((1 + x) - 1).
D2L_INLINE vf vlog1p(vf x) {
  const vf u = x + splat(1), d = u - splat(1);
  const vi exact = (vi)(d == splat(0)) | (vi)(u == splat(__builtin_inff()));
  const vf r = vlog(u) * (x / select(exact, splat(1), d));
  return select((vi)(d == splat(0)), x, select((vi)(u == splat(__builtin_inff())), u, r));
}
// e^x − 1 = 2t / (1 − t) with t = tanh(x / 2); directly where that is exact enough.
D2L_INLINE vf vexpm1(vf x) {
  const vf t = vtanh(x * splat(0.5f));
  return select(vabs(x) < splat(1), (t + t) / (splat(1) - t), vexp(x) - splat(1));
}

template <vf (*F)(vf)>
struct Plain { static D2L_INLINE vf f(vf x, const Params&) { return F(x); } };

D2L_INLINE vf neg(vf x) { return -x; }
D2L_INLINE vf square(vf x) { return x * x; }
D2L_INLINE vf rsqrt(vf x) { return splat(1) / vsqrt(x); }
D2L_INLINE vf reciprocal(vf x) { return splat(1) / x; }
D2L_INLINE vf relu(vf x) { return select(x < splat(0), splat(0), x); }
D2L_INLINE vf relu6(vf x) { return select(x < splat(0), splat(0), select(x > splat(6), splat(6), x)); }
D2L_INLINE vf elu(vf x) { return select(x >= splat(0), x, vexpm1(x)); }
D2L_INLINE vf selu(vf x) { return select(x >= splat(0), splat(1.0507009873554805f) * x, splat(1.7580993408473768f) * vexpm1(x)); }
D2L_INLINE vf softplus(vf x) { return select(x != x, x, vmax(x, splat(0)) + vlog1p(vexpNegative(-vabs(x)))); }
D2L_INLINE vf sign(vf x) { return select(x > splat(0), splat(1), select(x < splat(0), splat(-1), splat(0))); }
D2L_INLINE vf vfloor(vf x) { vf r; for (int i = 0; i < kVec; ++i) r[i] = __builtin_floorf(x[i]); return r; }
D2L_INLINE vf vceil(vf x) { vf r; for (int i = 0; i < kVec; ++i) r[i] = __builtin_ceilf(x[i]); return r; }
D2L_INLINE vf vround(vf x) { vf r; for (int i = 0; i < kVec; ++i) r[i] = __builtin_rintf(x[i]); return r; }

struct LeakyRelu { static D2L_INLINE vf f(vf x, const Params& p) { return select(x < splat(0), splat(p.p) * x, x); } };
struct Step { static D2L_INLINE vf f(vf x, const Params& p) { return select(x != x, x, select(x > splat(0), splat(1), splat(p.p))); } };
struct Clip { static D2L_INLINE vf f(vf x, const Params& p) { return select(x > splat(p.q), splat(p.q), select(x < splat(p.p), splat(p.p), x)); } };

// sin and cos: reduction by pi/2 (in three float parts, for large arguments in double), then polynomials on
// [-pi/4, pi/4].
template <int kShift>
struct Trigonometric {
  static D2L_INLINE vf finish(vf r, vi quadrant) {
    const vf z = r * r;
    const vf s = ((splat(-1.9515295891e-4f) * z + splat(8.3321608736e-3f)) * z + splat(-1.6666654611e-1f)) * z * r + r;
    const vf c = ((splat(2.443315711809948e-5f) * z + splat(-1.388731625493765e-3f)) * z + splat(4.166664568298827e-2f)) * z * z - splat(0.5f) * z + splat(1);
    const vf v = select((quadrant & splatInt(1)) != splatInt(0), c, s);
    return bitsToFloat(floatToBits(v) ^ (vi)((vu)(quadrant & splatInt(2)) << 30));
  }
  static vf large(vf x) {
    vf r;
    vi quadrant;
    for (int i = 0; i < kVec; ++i) {
      const double v = x[i], magic = 6755399441055744.0;  // 1.5 * 2^52
      const double scaled = v * 0.63661977236758134;
      const bool known = scaled > -1e9 && scaled < 1e9;
      const double n = known ? scaled + magic - magic : 0;
      r[i] = known ? (float)((v - n * 1.5707963267948966) - n * 6.123233995736766e-17) : __builtin_nanf("");
      quadrant[i] = (int32_t)n + kShift;
    }
    return finish(r, quadrant);
  }
  static D2L_INLINE vf f(vf x, const Params&) {
    const vf a = vabs(x);
    if (!(maximum(a) < 8192.0f)) return large(x);
    const vf magic = splat(12582912.0f);
    const vf t = x * splat(0.63661977236758134f) + magic;
    const vf n = t - magic;
    vf r = x - n * splat(1.5703125f);
    r = r - n * splat(4.837512969970703125e-4f);
    r = r - n * splat(7.54978995489188216e-8f);
    return finish(r, floatToBits(t) + splatInt(kShift));
  }
};

template <class F>
void apply(float* y, const float* x, int64_t n, Params p) {
  parallelFor(n, kGrain / 4, [&](int64_t from, int64_t to) {
    int64_t i = from;
    for (; i + kVec <= to; i += kVec) store(y + i, F::f(load(x + i), p));
    if (i < to) storePart(y + i, F::f(loadPart(x + i, to - i), p), to - i);
  });
}

using Run = void (*)(float*, const float*, int64_t, Params);
// The order of UNARY in src/kernels/unary.ts.
const Run runs[] = {
    apply<Plain<neg>>, apply<Plain<vabs>>, apply<Plain<square>>, apply<Plain<vsqrt>>, apply<Plain<rsqrt>>, apply<Plain<reciprocal>>,
    apply<Plain<vexp>>, apply<Plain<vexpm1>>, apply<Plain<vlog>>, apply<Plain<vlog1p>>, apply<Plain<relu>>, apply<Plain<relu6>>,
    apply<Plain<elu>>, apply<Plain<selu>>, apply<Plain<vsigmoid>>, apply<Plain<vtanh>>, apply<Plain<verf>>, apply<Plain<softplus>>,
    apply<Plain<sign>>, apply<Plain<vfloor>>, apply<Plain<vceil>>, apply<Plain<vround>>, apply<Trigonometric<0>>, apply<Trigonometric<1>>,
    apply<LeakyRelu>, apply<Step>, apply<Clip>,
};

// JavaScript's conversion to int32: truncation modulo 2^32, zero for what is not finite.
D2L_INLINE int32_t toInt(float x) {
  if (x >= -2147483648.0f && x < 2147483648.0f) return (int32_t)x;
  if (!(__builtin_fabsf(x) < 9.2e18f)) {
    if (!(__builtin_fabsf(x) < __builtin_inff())) return 0;
    uint32_t bits;
    __builtin_memcpy(&bits, &x, 4);
    const int shift = (int)((bits >> 23) & 255) - 150;  // >= 40: no bit below 2^32 remains
    return shift >= 32 ? 0 : (int32_t)(((bits & 0x7fffff) | 0x800000) << shift);
  }
  return (int32_t)(uint32_t)(uint64_t)(int64_t)x;
}

// The order of CAST in src/kernels/cast.ts.
enum Cast { kFloatToInt, kIntToFloat, kFloatToBool, kIntToBool, kNot, kIsNan, kIsInf, kIsFinite };

}  // namespace

// y, x, count, operation, p, q
D2L_OP(unary) {
  Args a;
  float* y = a.ptr();
  const float* x = a.ptr();
  const int64_t n = (uint32_t)a.i32();
  const int operation = a.i32();
  Params p;
  p.p = a.f32();
  p.q = a.f32();
  runs[operation](y, x, n, p);
}

// y, x, count, conversion
D2L_OP(cast) {
  Args a;
  int32_t* y = a.ints();
  const int32_t* x = a.ints();
  const int64_t n = (uint32_t)a.i32();
  const int kind = a.i32();
  const float* f = (const float*)x;
  parallelFor(n, kGrain, [&](int64_t from, int64_t to) {
#define D2L_EACH(expression) { D2L_IVDEP for (int64_t i = from; i < to; ++i) expression; return; }
    switch (kind) {
      case kFloatToInt: D2L_EACH(y[i] = toInt(f[i]))
      case kIntToFloat: D2L_EACH(((float*)y)[i] = (float)x[i])
      case kFloatToBool: D2L_EACH(y[i] = f[i] != 0)
      case kIntToBool: D2L_EACH(y[i] = x[i] != 0)
      case kNot: D2L_EACH(y[i] = x[i] == 0)
      case kIsNan: D2L_EACH(y[i] = (x[i] & 0x7fffffff) > 0x7f800000)
      case kIsInf: D2L_EACH(y[i] = (x[i] & 0x7fffffff) == 0x7f800000)
      case kIsFinite: D2L_EACH(y[i] = (x[i] & 0x7fffffff) < 0x7f800000)
    }
#undef D2L_EACH
  });
}

}  // namespace d2l
