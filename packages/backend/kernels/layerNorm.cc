// Layer norm over the last axis of x (+ residual), and its gradient; statistics are two floats a row.
#include "abi.h"
#include "rows.h"

namespace d2l {

namespace {

// Sum of (x + residual) and, given the mean, of squared deviations.
inline float sumOf(const float* x, const float* r, int64_t n) {
  if (!r) return rowSum(x, n);
  vf s0 = splat(0), s1 = s0;
  int64_t i = 0;
  for (; i + 2 * kVec <= n; i += 2 * kVec) {
    s0 += load(x + i) + load(r + i);
    s1 += load(x + i + kVec) + load(r + i + kVec);
  }
  for (; i + kVec <= n; i += kVec) s0 += load(x + i) + load(r + i);
  if (i < n) s1 += loadPart(x + i, n - i, 0) + loadPart(r + i, n - i, 0);
  return sum(s0 + s1);
}

template <bool kResidual>
inline float deviation(const float* x, const float* r, int64_t n, float mean) {
  const vf m = splat(mean);
  vf s0 = splat(0), s1 = s0;
  int64_t i = 0;
  for (; i + 2 * kVec <= n; i += 2 * kVec) {
    vf a = load(x + i), b = load(x + i + kVec);
    if (kResidual) {
      a += load(r + i);
      b += load(r + i + kVec);
    }
    a -= m;
    b -= m;
    s0 += a * a;
    s1 += b * b;
  }
  float rest = 0;
  for (; i < n; ++i) {
    const float a = (kResidual ? x[i] + r[i] : x[i]) - mean;
    rest += a * a;
  }
  return sum(s0 + s1) + rest;
}

template <bool kResidual, bool kWeight, bool kBias>
void normalize(float* y, const float* x, const float* r, const float* w, const float* b, int64_t n, float mean, float rstd) {
  for (int64_t i = 0; i < n; ++i) {
    float v = ((kResidual ? x[i] + r[i] : x[i]) - mean) * rstd;
    if (kWeight) v *= w[i];
    if (kBias) v += b[i];
    y[i] = v;
  }
}

// One row of the gradient: dx, and this row's share of dweight and dbias.
template <bool kResidual, bool kWeight>
void rowGrad(float* dx, float* dw, float* db, const float* dy, const float* x, const float* r, const float* w, int64_t n,
             float mean, float rstd) {
  const vf m = splat(mean), s = splat(rstd);
  vf g0 = splat(0), g1 = g0;
  int64_t i = 0;
  for (; i + kVec <= n; i += kVec) {
    vf xv = load(x + i);
    if (kResidual) xv += load(r + i);
    const vf h = (xv - m) * s, d = load(dy + i);
    if (dw) store(dw + i, load(dw + i) + d * h);
    if (db) store(db + i, load(db + i) + d);
    const vf g = kWeight ? d * load(w + i) : d;
    g0 += g;
    g1 += g * h;
  }
  float sumG = sum(g0), sumGh = sum(g1);
  for (; i < n; ++i) {
    const float h = ((kResidual ? x[i] + r[i] : x[i]) - mean) * rstd;
    if (dw) dw[i] += dy[i] * h;
    if (db) db[i] += dy[i];
    const float g = kWeight ? dy[i] * w[i] : dy[i];
    sumG += g;
    sumGh += g * h;
  }
  if (!dx) return;
  const float c1 = sumG / (float)n, c2 = sumGh / (float)n;
  for (int64_t k = 0; k < n; ++k) {
    const float h = ((kResidual ? x[k] + r[k] : x[k]) - mean) * rstd;
    const float g = kWeight ? dy[k] * w[k] : dy[k];
    dx[k] = (g - c1 - h * c2) * rstd;
  }
}

}  // namespace

// y, stats? (mean and 1/deviation of each row), x, residual?, weight?, bias?, rows, n, epsilon
D2L_OP(layerNorm) {
  Args a;
  float* y = a.ptr();
  float* stats = a.optional();
  const float* x = a.ptr();
  const float* residual = a.optional();
  const float* weight = a.optional();
  const float* bias = a.optional();
  const int64_t rows = (uint32_t)a.i32(), n = a.i32();
  const float epsilon = a.f32();
  parallelFor(rows, 1 + 8192 / (n + 1), [&](int64_t from, int64_t to) {
    for (int64_t row = from; row < to; ++row) {
      const float* xr = x + row * n;
      const float* rr = residual ? residual + row * n : nullptr;
      float* yr = y + row * n;
      const float mean = sumOf(xr, rr, n) / (float)n;
      const float variance = (rr ? deviation<true>(xr, rr, n, mean) : deviation<false>(xr, rr, n, mean)) / (float)n;
      const float rstd = 1 / __builtin_sqrtf(variance + epsilon);
      if (stats) {
        stats[2 * row] = mean;
        stats[2 * row + 1] = rstd;
      }
      if (weight && bias) {
        rr ? normalize<true, true, true>(yr, xr, rr, weight, bias, n, mean, rstd)
           : normalize<false, true, true>(yr, xr, rr, weight, bias, n, mean, rstd);
      } else if (weight) {
        rr ? normalize<true, true, false>(yr, xr, rr, weight, bias, n, mean, rstd)
           : normalize<false, true, false>(yr, xr, rr, weight, bias, n, mean, rstd);
      } else if (bias) {
        rr ? normalize<true, false, true>(yr, xr, rr, weight, bias, n, mean, rstd)
           : normalize<false, false, true>(yr, xr, rr, weight, bias, n, mean, rstd);
      } else {
        rr ? normalize<true, false, false>(yr, xr, rr, weight, bias, n, mean, rstd)
           : normalize<false, false, false>(yr, xr, rr, weight, bias, n, mean, rstd);
      }
    }
  });
}

// dx?, dweight?, dbias?, partials (threads · 2n floats), dy, stats, x, residual?, weight?, rows, n
D2L_OP(layerNormGrad) {
  Args a;
  float* dx = a.optional();
  float* dweight = a.optional();
  float* dbias = a.optional();
  float* partials = a.ptr();
  const float* dy = a.ptr();
  const float* stats = a.ptr();
  const float* x = a.ptr();
  const float* residual = a.optional();
  const float* weight = a.optional();
  const int64_t rows = (uint32_t)a.i32(), n = a.i32();
  const int64_t most = rows / (1 + 8192 / (n + 1));
  const int parts = most > threadCount ? threadCount : most < 1 ? 1 : (int)most;
  parallel(parts, [&](int part) {
    float* dw = partials + (int64_t)part * 2 * n;
    float* db = dw + n;
    for (int64_t i = 0; i < 2 * n; ++i) dw[i] = 0;
    for (int64_t row = rows * part / parts; row < rows * (part + 1) / parts; ++row) {
      const float* rr = residual ? residual + row * n : nullptr;
      float* dxr = dx ? dx + row * n : nullptr;
      float* dwr = dweight ? dw : nullptr;
      float* dbr = dbias ? db : nullptr;
      const float mean = stats[2 * row], rstd = stats[2 * row + 1];
      const float *dyr = dy + row * n, *xr = x + row * n;
      if (rr) {
        weight ? rowGrad<true, true>(dxr, dwr, dbr, dyr, xr, rr, weight, n, mean, rstd)
               : rowGrad<true, false>(dxr, dwr, dbr, dyr, xr, rr, weight, n, mean, rstd);
      } else {
        weight ? rowGrad<false, true>(dxr, dwr, dbr, dyr, xr, rr, weight, n, mean, rstd)
               : rowGrad<false, false>(dxr, dwr, dbr, dyr, xr, rr, weight, n, mean, rstd);
      }
    }
  });
  for (int which = 0; which < 2; ++which) {
    float* out = which ? dbias : dweight;
    if (!out) continue;
    for (int64_t i = 0; i < n; ++i) out[i] = partials[which * n + i];
    for (int part = 1; part < parts; ++part) {
      const float* in = partials + (int64_t)part * 2 * n + which * n;
      for (int64_t i = 0; i < n; ++i) out[i] += in[i];
    }
  }
}

}  // namespace d2l
