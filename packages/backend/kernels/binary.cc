// Elementwise operations of two operands with broadcasting, and select.
#include "loops.h"
#include "math.h"

namespace d2l {

namespace {

struct Add { template <class T> static T f(T a, T b) { return a + b; } static int32_t f(int32_t a, int32_t b) { return (int32_t)((uint32_t)a + (uint32_t)b); } };
struct Sub { template <class T> static T f(T a, T b) { return a - b; } static int32_t f(int32_t a, int32_t b) { return (int32_t)((uint32_t)a - (uint32_t)b); } };
struct Mul { template <class T> static T f(T a, T b) { return a * b; } static int32_t f(int32_t a, int32_t b) { return (int32_t)((uint32_t)a * (uint32_t)b); } };
struct Div { static float f(float a, float b) { return a / b; } static int32_t f(int32_t, int32_t) { return 0; } };
struct Max { template <class T> static T f(T a, T b) { return a > b || a != a ? a : b; } };
struct Min { template <class T> static T f(T a, T b) { return a < b || a != a ? a : b; } };
struct SquaredDifference {
  static float f(float a, float b) { return (a - b) * (a - b); }
  static int32_t f(int32_t a, int32_t b) { const uint32_t d = (uint32_t)a - (uint32_t)b; return (int32_t)(d * d); }
};
struct FloorDiv {
  static float f(float a, float b) { return __builtin_floorf(a / b); }
  static int32_t f(int32_t a, int32_t b) {
    if (b == 0) return 0;
    if (b == -1) return (int32_t)(0u - (uint32_t)a);
    const int32_t q = a / b;
    return q * b != a && (a < 0) != (b < 0) ? q - 1 : q;
  }
};
struct Prelu { static float f(float a, float b) { return a < 0 ? a * b : a; } static int32_t f(int32_t a, int32_t) { return a; } };
struct EluGrad { static float f(float dy, float y) { return y >= 0 ? dy : dy * (y + 1); } static int32_t f(int32_t dy, int32_t) { return dy; } };

// These give truth values: int32 0 or 1.
struct Equal { template <class T> static int32_t f(T a, T b) { return a == b; } };
struct NotEqual { template <class T> static int32_t f(T a, T b) { return a != b; } };
struct Greater { template <class T> static int32_t f(T a, T b) { return a > b; } };
struct GreaterEqual { template <class T> static int32_t f(T a, T b) { return a >= b; } };
struct Less { template <class T> static int32_t f(T a, T b) { return a < b; } };
struct LessEqual { template <class T> static int32_t f(T a, T b) { return a <= b; } };
struct And { template <class T> static int32_t f(T a, T b) { return a != 0 && b != 0; } };
struct Or { template <class T> static int32_t f(T a, T b) { return a != 0 || b != 0; } };

// One row; each operand advances by 0 or 1.
template <class F, class T, class R>
void row(R* y, const T* a, bool moveA, const T* b, bool moveB, int64_t n) {
  if (moveA && moveB) {
    D2L_IVDEP
    for (int64_t i = 0; i < n; ++i) y[i] = F::f(a[i], b[i]);
  } else if (moveA) {
    const T c = *b;
    D2L_IVDEP
    for (int64_t i = 0; i < n; ++i) y[i] = F::f(a[i], c);
  } else {
    const T c = *a;
    D2L_IVDEP
    for (int64_t i = 0; i < n; ++i) y[i] = F::f(c, b[i]);
  }
}

struct Call {
  Dims dims;
  Strides a, b;
};

template <class F, class T, class R>
void apply(const Call& c, R* y, const T* a, const T* b) {
  const int last = c.dims.rank - 1;
  const int64_t n = c.dims.size[last], rows = c.dims.count(last);
  const int64_t stepA = c.a.stride[last], stepB = c.b.stride[last];
  if (rows == 1) {
    parallelFor(n, kGrain, [&](int64_t from, int64_t to) { row<F>(y + from, a + from * stepA, stepA != 0, b + from * stepB, stepB != 0, to - from); });
    return;
  }
  parallelFor(rows, kGrain / (n + 1) + 1, [&](int64_t from, int64_t to) {
    for (int64_t r = from; r < to; ++r) row<F>(y + r * n, a + c.a.offset(c.dims, last, r), stepA != 0, b + c.b.offset(c.dims, last, r), stepB != 0, n);
  });
}

template <class F>
void arithmetic(const Call& c, int type, float* y, const float* a, const float* b) {
  if (type == kFloat) apply<F, float, float>(c, y, a, b);
  else apply<F, int32_t, int32_t>(c, (int32_t*)y, (const int32_t*)a, (const int32_t*)b);
}
template <class F>
void predicate(const Call& c, int type, float* y, const float* a, const float* b) {
  if (type == kFloat) apply<F, float, int32_t>(c, (int32_t*)y, a, b);
  else apply<F, int32_t, int32_t>(c, (int32_t*)y, (const int32_t*)a, (const int32_t*)b);
}

using Run = void (*)(const Call&, int, float*, const float*, const float*);
// The order of BINARY in src/kernels/binary.ts.
const Run runs[] = {
    arithmetic<Add>, arithmetic<Sub>, arithmetic<Mul>, arithmetic<Div>, arithmetic<Max>, arithmetic<Min>, arithmetic<SquaredDifference>,
    arithmetic<FloorDiv>, arithmetic<Prelu>, arithmetic<EluGrad>, predicate<Equal>, predicate<NotEqual>, predicate<Greater>,
    predicate<GreaterEqual>, predicate<Less>, predicate<LessEqual>, predicate<And>, predicate<Or>,
};

}  // namespace

// y, a, b, operation, type, rank, dims, strides of a, strides of b (innermost 0 or 1)
D2L_OP(binary) {
  Args args;
  float* y = args.ptr();
  const float* a = args.ptr();
  const float* b = args.ptr();
  const int operation = args.i32(), type = args.i32(), rank = args.i32();
  Call c;
  c.dims.read(args, rank);
  c.a.read(args, rank);
  c.b.read(args, rank);
  runs[operation](c, type, y, a, b);
}

// y, condition, t, e, conditions, words that one condition decides
D2L_OP(select) {
  Args args;
  int32_t* y = args.ints();
  const int32_t *condition = args.ints(), *t = args.ints(), *e = args.ints();
  const int64_t n = (uint32_t)args.i32(), span = args.i32();
  if (span == 1) {
    parallelFor(n, kGrain, [&](int64_t from, int64_t to) {
      D2L_IVDEP
      for (int64_t i = from; i < to; ++i) {
        const int32_t yes = t[i], no = e[i];
        y[i] = condition[i] ? yes : no;
      }
    });
    return;
  }
  for (int64_t i = 0; i < n; ++i) __builtin_memcpy(y + i * span, (condition[i] ? t : e) + i * span, (size_t)span * 4);
}

}  // namespace d2l
