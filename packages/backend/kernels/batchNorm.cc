// Batch norm over all axes but the second of [N, C, inner], and its gradient.
#include "abi.h"
#include "rows.h"

namespace d2l {

namespace {

// Batches without inner axes are handled as rows of channels; others one channel at a time.
constexpr int64_t kRowsBelow = 4;

double channelSum(const float* x, int64_t n, int64_t channels, int64_t inner) {
  double s = 0;
  for (int64_t i = 0; i < n; ++i) s += rowSum(x + i * channels * inner, inner);
  return s;
}

double channelDeviation(const float* x, int64_t n, int64_t channels, int64_t inner, float mean) {
  double s = 0;
  const vf m = splat(mean);
  for (int64_t i = 0; i < n; ++i) {
    const float* row = x + i * channels * inner;
    vf v0 = splat(0), v1 = v0;
    int64_t k = 0;
    for (; k + 2 * kVec <= inner; k += 2 * kVec) {
      const vf a = load(row + k) - m, b = load(row + k + kVec) - m;
      v0 += a * a;
      v1 += b * b;
    }
    float rest = 0;
    for (; k < inner; ++k) rest += (row[k] - mean) * (row[k] - mean);
    s += sum(v0 + v1) + rest;
  }
  return s;
}

void statistics(float* mean, float* variance, const float* x, int64_t n, int64_t channels, int64_t inner, int64_t from, int64_t to) {
  const double count = (double)(n * inner);
  if (inner >= kRowsBelow) {
    for (int64_t c = from; c < to; ++c) {
      mean[c] = (float)(channelSum(x + c * inner, n, channels, inner) / count);
      variance[c] = (float)(channelDeviation(x + c * inner, n, channels, inner, mean[c]) / count);
    }
    return;
  }
  for (int64_t c = from; c < to; ++c) mean[c] = variance[c] = 0;
  for (int64_t i = 0; i < n; ++i)
    for (int64_t k = 0; k < inner; ++k)
      for (int64_t c = from; c < to; ++c) mean[c] += x[(i * channels + c) * inner + k];
  for (int64_t c = from; c < to; ++c) mean[c] = (float)(mean[c] / count);
  for (int64_t i = 0; i < n; ++i)
    for (int64_t k = 0; k < inner; ++k)
      for (int64_t c = from; c < to; ++c) {
        const float d = x[(i * channels + c) * inner + k] - mean[c];
        variance[c] += d * d;
      }
  for (int64_t c = from; c < to; ++c) variance[c] = (float)(variance[c] / count);
}

int64_t channelGrain(int64_t n, int64_t inner) { return 1 + 32768 / (n * inner + 1); }

}  // namespace

// y, mean, variance (written in training), x, weight?, bias?, n, channels, inner, epsilon, training
D2L_OP(batchNorm) {
  Args a;
  float* y = a.ptr();
  float* mean = a.ptr();
  float* variance = a.ptr();
  const float* x = a.ptr();
  const float* weight = a.optional();
  const float* bias = a.optional();
  const int64_t n = a.i32(), channels = a.i32(), inner = a.i32();
  const float epsilon = a.f32();
  const bool training = a.i32() != 0;
  parallelFor(channels, channelGrain(n, inner), [&](int64_t from, int64_t to) {
    if (training) statistics(mean, variance, x, n, channels, inner, from, to);
    if (inner >= kRowsBelow) {
      for (int64_t c = from; c < to; ++c) {
        const float scale = (weight ? weight[c] : 1) / __builtin_sqrtf(variance[c] + epsilon);
        const float m = mean[c], shift = bias ? bias[c] : 0;
        for (int64_t i = 0; i < n; ++i) {
          const float* in = x + (i * channels + c) * inner;
          float* out = y + (i * channels + c) * inner;
          for (int64_t k = 0; k < inner; ++k) out[k] = (in[k] - m) * scale + shift;
        }
      }
      return;
    }
    for (int64_t i = 0; i < n; ++i)
      for (int64_t c = from; c < to; ++c) {
        const float scale = (weight ? weight[c] : 1) / __builtin_sqrtf(variance[c] + epsilon);
        for (int64_t k = 0; k < inner; ++k) {
          const int64_t at = (i * channels + c) * inner + k;
          y[at] = (x[at] - mean[c]) * scale + (bias ? bias[c] : 0);
        }
      }
  });
}

// dx?, dweight, dbias, dy, x, weight?, mean, variance, n, channels, inner, epsilon
D2L_OP(batchNormGrad) {
  Args a;
  float* dx = a.optional();
  float* dweight = a.ptr();
  float* dbias = a.ptr();
  const float* dy = a.ptr();
  const float* x = a.ptr();
  const float* weight = a.optional();
  const float* mean = a.ptr();
  const float* variance = a.ptr();
  const int64_t n = a.i32(), channels = a.i32(), inner = a.i32();
  const float epsilon = a.f32();
  const float count = (float)(n * inner);
  parallelFor(channels, channelGrain(n, inner), [&](int64_t from, int64_t to) {
    for (int64_t c = from; c < to; ++c) {
      const float rstd = 1 / __builtin_sqrtf(variance[c] + epsilon), m = mean[c];
      double sumG = 0, sumGx = 0;
      for (int64_t i = 0; i < n; ++i) {
        const int64_t at = (i * channels + c) * inner;
        vf g = splat(0), gx = g;
        int64_t k = 0;
        for (; k + kVec <= inner; k += kVec) {
          const vf d = load(dy + at + k);
          g += d;
          gx += d * (load(x + at + k) - splat(m));
        }
        float restG = 0, restGx = 0;
        for (; k < inner; ++k) {
          restG += dy[at + k];
          restGx += dy[at + k] * (x[at + k] - m);
        }
        sumG += sum(g) + restG;
        sumGx += sum(gx) + restGx;
      }
      dbias[c] = (float)sumG;
      dweight[c] = (float)sumGx * rstd;
      if (!dx) continue;
      const float scale = (weight ? weight[c] : 1) * rstd;
      const float c1 = (float)sumG / count, c2 = (float)sumGx * rstd * rstd / count;
      for (int64_t i = 0; i < n; ++i) {
        const int64_t at = (i * channels + c) * inner;
        for (int64_t k = 0; k < inner; ++k) dx[at + k] = (dy[at + k] - c1 - (x[at + k] - m) * c2) * scale;
      }
    }
  });
}

}  // namespace d2l
