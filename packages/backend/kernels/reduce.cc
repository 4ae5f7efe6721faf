// Reductions over [outer, reduced, inner], and softmax over rows.
#include "loops.h"
#include "math.h"
#include "rows.h"
#include "softmax.h"

namespace d2l {

namespace {

constexpr int64_t kBlock = 4096;  // sums of long rows are taken block by block, and the blocks in double

double blockSum(const float* x, int64_t n) {
  double total = 0;
  for (int64_t i = 0; i < n; i += kBlock) total += rowSum(x + i, n - i < kBlock ? n - i : kBlock);
  return total;
}

void sumRows(float* y, const float* x, int64_t outer, int64_t n, float scale) {
  if (outer == 1 && n >= 4 * kGrain) {  // one long row: fixed chunks over the threads, then their sum
    const int64_t chunks = n / kGrain < 4096 ? n / kGrain : 4096;
    double* partial = (double*)scratch();
    parallelFor(chunks, 1, [&](int64_t from, int64_t to) {
      for (int64_t c = from; c < to; ++c) partial[c] = blockSum(x + n * c / chunks, n * (c + 1) / chunks - n * c / chunks);
    });
    double total = 0;
    for (int64_t c = 0; c < chunks; ++c) total += partial[c];
    *y = (float)(total * scale);
    return;
  }
  parallelFor(outer, kGrain / (n + 1) + 1, [&](int64_t from, int64_t to) {
    for (int64_t o = from; o < to; ++o) y[o] = (float)(n <= kBlock ? rowSum(x + o * n, n) * scale : blockSum(x + o * n, n) * scale);
  });
}

// Sums down columns, four rows at a time so that the error grows slowly.
void sumColumns(float* y, const float* x, int64_t outer, int64_t n, int64_t inner, float scale) {
  const int64_t tile = 256, tiles = (inner + tile - 1) / tile;
  parallelFor(outer * tiles, kGrain / (n * (inner < tile ? inner : tile) + 1) + 1, [&](int64_t from, int64_t to) {
    for (int64_t t = from; t < to; ++t) {
      const int64_t o = t / tiles, start = t % tiles * tile, width = inner - start < tile ? inner - start : tile;
      float* out = y + o * inner + start;
      const float* in = x + o * n * inner + start;
      for (int64_t i = 0; i < width; ++i) out[i] = 0;
      int64_t r = 0;
      for (; r + 4 <= n; r += 4) {
        const float *a = in + r * inner, *b = a + inner, *c = b + inner, *d = c + inner;
        D2L_IVDEP
        for (int64_t i = 0; i < width; ++i) out[i] += (a[i] + b[i]) + (c[i] + d[i]);
      }
      for (; r < n; ++r) {
        const float* a = in + r * inner;
        D2L_IVDEP
        for (int64_t i = 0; i < width; ++i) out[i] += a[i];
      }
      if (scale != 1) {
        D2L_IVDEP
        for (int64_t i = 0; i < width; ++i) out[i] *= scale;
      }
    }
  });
}

struct Max { template <class T> static T f(T a, T x) { return x > a || x != x ? x : a; } };
struct Min { template <class T> static T f(T a, T x) { return x < a || x != x ? x : a; } };
struct Product { static float f(float a, float x) { return a * x; } static int32_t f(int32_t a, int32_t x) { return (int32_t)((uint32_t)a * (uint32_t)x); } };
struct Sum { static int32_t f(int32_t a, int32_t x) { return (int32_t)((uint32_t)a + (uint32_t)x); } };
struct All { static int32_t f(int32_t a, int32_t x) { return a && x; } };
struct Any { static int32_t f(int32_t a, int32_t x) { return a || x; } };

template <class F, class T>
void fold(T* y, const T* x, int64_t outer, int64_t n, int64_t inner, T start, bool fromFirst) {
  parallelFor(outer, kGrain / (n * inner + 1) + 1, [&](int64_t from, int64_t to) {
    for (int64_t o = from; o < to; ++o) {
      const T* in = x + o * n * inner;
      T* out = y + o * inner;
      if (inner == 1) {
        T a = fromFirst && n > 0 ? in[0] : start;
        for (int64_t r = 0; r < n; ++r) a = F::f(a, in[r]);
        out[0] = a;
        continue;
      }
      for (int64_t i = 0; i < inner; ++i) out[i] = fromFirst && n > 0 ? in[i] : start;
      for (int64_t r = 0; r < n; ++r) {
        D2L_IVDEP
        for (int64_t i = 0; i < inner; ++i) out[i] = F::f(out[i], in[r * inner + i]);
      }
    }
  });
}

// The first position of the extreme value.
template <bool kGreater, class T>
void argument(int32_t* y, const T* x, int64_t outer, int64_t n, int64_t inner) {
  parallelFor(outer * inner, kGrain / (n + 1) + 1, [&](int64_t from, int64_t to) {
    for (int64_t k = from; k < to; ++k) {
      const T* in = x + k / inner * n * inner + k % inner;
      T best = in[0];
      int32_t at = 0;
      for (int64_t r = 1; r < n; ++r) {
        const T v = in[r * inner];
        if (kGreater ? v > best : v < best) { best = v; at = (int32_t)r; }
      }
      y[k] = at;
    }
  });
}

// The order of REDUCE in src/kernels/reduce.ts.
enum Kind { kSum, kMean, kMax, kMin, kProd, kAll, kAny, kArgMax, kArgMin };

}  // namespace

// y, x, kind, type, outer, reduced, inner
D2L_OP(reduce) {
  Args a;
  float* y = a.ptr();
  const float* x = a.ptr();
  const int kind = a.i32(), type = a.i32();
  const int64_t outer = a.i32(), n = a.i32(), inner = a.i32();
  int32_t* yi = (int32_t*)y;
  const int32_t* xi = (const int32_t*)x;
  const bool isFloat = type == kFloat;
  switch (kind) {
    case kSum:
    case kMean:
      if (!isFloat) return fold<Sum, int32_t>(yi, xi, outer, n, inner, 0, false);
      if (inner == 1) return sumRows(y, x, outer, n, kind == kMean ? 1 / (float)n : 1);
      return sumColumns(y, x, outer, n, inner, kind == kMean ? 1 / (float)n : 1);
    case kMax:
      if (!isFloat) return fold<Max, int32_t>(yi, xi, outer, n, inner, (int32_t)0x80000000, true);
      return fold<Max, float>(y, x, outer, n, inner, kNegInf, true);
    case kMin:
      if (!isFloat) return fold<Min, int32_t>(yi, xi, outer, n, inner, 0x7fffffff, true);
      return fold<Min, float>(y, x, outer, n, inner, -kNegInf, true);
    case kProd:
      if (!isFloat) return fold<Product, int32_t>(yi, xi, outer, n, inner, 1, false);
      return fold<Product, float>(y, x, outer, n, inner, 1, false);
    case kAll: return fold<All, int32_t>(yi, xi, outer, n, inner, 1, false);
    case kAny: return fold<Any, int32_t>(yi, xi, outer, n, inner, 0, false);
    case kArgMax: return isFloat ? argument<true, float>(yi, x, outer, n, inner) : argument<true, int32_t>(yi, xi, outer, n, inner);
    case kArgMin: return isFloat ? argument<false, float>(yi, x, outer, n, inner) : argument<false, int32_t>(yi, xi, outer, n, inner);
  }
}

// y, x, rows, columns
D2L_OP(softmax) {
  Args a;
  float* y = a.ptr();
  const float* x = a.ptr();
  const int64_t rows = (uint32_t)a.i32(), n = a.i32();
  parallelFor(rows, 4096 / (n + 1) + 1, [&](int64_t from, int64_t to) {
    for (int64_t r = from; r < to; ++r) softmaxRow(y + r * n, x + r * n, n);
  });
}

// y, x, outer, count, inner, type, exclusive, reverse
D2L_OP(cumsum) {
  Args a;
  float* y = a.ptr();
  const float* x = a.ptr();
  const int64_t outer = a.i32(), n = a.i32(), inner = a.i32();
  const bool isFloat = a.i32() == kFloat, exclusive = a.i32() != 0, reverse = a.i32() != 0;
  for (int64_t o = 0; o < outer; ++o) {
    for (int64_t i = 0; i < inner; ++i) {
      double total = 0;
      uint32_t whole = 0;
      for (int64_t k = 0; k < n; ++k) {
        const int64_t at = (o * n + (reverse ? n - 1 - k : k)) * inner + i;
        if (isFloat) {
          const double next = total + x[at];
          y[at] = (float)(exclusive ? total : next);
          total = next;
        } else {
          const uint32_t next = whole + (uint32_t)((const int32_t*)x)[at];
          ((int32_t*)y)[at] = (int32_t)(exclusive ? whole : next);
          whole = next;
        }
      }
    }
  }
}

// values, indices, x, rows, columns, k, type: the k largest of each row, sorted; equal ones in order of position
D2L_OP(topK) {
  Args a;
  float* values = a.ptr();
  int32_t* indices = a.ints();
  const float* x = a.ptr();
  const int64_t rows = a.i32(), n = a.i32(), k = a.i32();
  const bool isFloat = a.i32() == kFloat;
  auto select = [&](auto* out, const auto* in) {
    parallelFor(rows, 1, [&](int64_t from, int64_t to) {
      for (int64_t r = from; r < to; ++r) {
        auto* v = out + r * k;
        int32_t* at = indices + r * k;
        int64_t held = 0;
        for (int64_t i = 0; i < n; ++i) {
          const auto candidate = in[r * n + i];
          if (held == k && !(candidate > v[k - 1])) continue;
          int64_t p = held < k ? held++ : k - 1;
          for (; p > 0 && candidate > v[p - 1]; --p) { v[p] = v[p - 1]; at[p] = at[p - 1]; }
          v[p] = candidate;
          at[p] = (int32_t)i;
        }
      }
    });
  };
  if (isFloat) select(values, x);
  else select((int32_t*)values, (const int32_t*)x);
}

}  // namespace d2l
