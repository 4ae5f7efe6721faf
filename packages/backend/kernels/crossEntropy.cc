// Softmax cross-entropy on integer labels: forward keeps each row's largest logit and the inverse of its sum of exponentials,
// backward is one pass. Nothing is added to logits before their largest is subtracted, which may have all the digits.
#include "abi.h"
#include "math.h"
#include "rows.h"

namespace d2l {

namespace {

inline float rowExpSum(const float* x, int64_t n, float shift) {
  const vf m = splat(shift);
  vf s0 = splat(0), s1 = s0;
  int64_t i = 0;
  for (; i + 2 * kVec <= n; i += 2 * kVec) {
    s0 += vexpNegative(load(x + i) - m);
    s1 += vexpNegative(load(x + i + kVec) - m);
  }
  for (; i + kVec <= n; i += kVec) s0 += vexpNegative(load(x + i) - m);
  if (i < n) {
    if (n >= kVec) s1 += select(newLanes(n), vexpNegative(load(x + n - kVec) - m), splat(0));
    else s1 += vexpNegative(loadPart(x + i, n - i, kNegInf) - m);
  }
  return sum(s0 + s1);
}

inline float weightOf(const int32_t* labels, const float* weights, int32_t ignore, int64_t row) {
  return labels[row] == ignore ? 0 : weights ? weights[row] : 1;
}

// Σ (x − shift); the shift is subtracted first.
inline float rowShiftedSum(const float* x, int64_t n, float shift) {
  double total = 0;
  for (int64_t i = 0; i < n; ++i) total += x[i] - shift;
  return (float)total;
}

enum Reduction { kNone = 0, kSum = 1, kMean = 2 };

}  // namespace

// loss, stats (rows of largest logits, of 1 / Σ e^(x − largest), of losses, then the sum of weights), logits, labels, weights?,
// rows, classes, reduction, labelSmoothing, ignoreIndex
D2L_OP(crossEntropy) {
  Args a;
  float* loss = a.ptr();
  float* stats = a.ptr();
  const float* logits = a.ptr();
  const int32_t* labels = a.ints();
  const float* weights = a.optional();
  const int64_t rows = (uint32_t)a.i32(), classes = a.i32();
  const int32_t reduction = a.i32();
  const float smoothing = a.f32();
  const int32_t ignore = a.i32();
  float *shifts = stats, *inverses = stats + rows;
  float* each = reduction == kNone ? loss : stats + 2 * rows;
  parallelFor(rows, 1 + 16384 / (classes + 1), [&](int64_t from, int64_t to) {
    // Rows in groups of one vector: their logarithms are taken together.
    for (int64_t first = from; first < to; first += kVec) {
      const int64_t rest = to - first < kVec ? to - first : kVec;
      float sums[kVec], logSums[kVec];
      store(sums, splat(1));
      for (int64_t i = 0; i < rest; ++i) {
        const int64_t r = first + i;
        if (weightOf(labels, weights, ignore, r) == 0) continue;  // costs nothing, and its logits may be anything
        const float* x = logits + r * classes;
        const float m = rowMax(x, classes);
        shifts[r] = m == kNegInf ? 0 : m;
        sums[i] = rowExpSum(x, classes, shifts[r]);
        inverses[r] = 1 / sums[i];
      }
      store(logSums, vlog(load(sums)));
      for (int64_t r = first; r < first + rest; ++r) {
        const float w = weightOf(labels, weights, ignore, r);
        each[r] = 0;
        if (w == 0) continue;
        const float* x = logits + r * classes;
        const float logSum = logSums[r - first];
        float l = logSum - (x[labels[r]] - shifts[r]);
        if (smoothing != 0)
          l = (1 - smoothing) * l + smoothing * (logSum - rowShiftedSum(x, classes, shifts[r]) / (float)classes);
        each[r] = w * l;
      }
    }
  });
  if (reduction == kNone) return;
  double sum = 0, total = 0;
  for (int64_t r = 0; r < rows; ++r) {
    sum += each[r];
    total += weightOf(labels, weights, ignore, r);
  }
  stats[3 * rows] = (float)total;
  *loss = (float)(reduction == kSum ? sum : total != 0 ? sum / total : 0);
}

// dlogits, dy, stats, logits, labels, weights?, rows, classes, reduction, labelSmoothing, ignoreIndex
D2L_OP(crossEntropyGrad) {
  Args a;
  float* dlogits = a.ptr();
  const float* dy = a.ptr();
  const float* stats = a.ptr();
  const float* logits = a.ptr();
  const int32_t* labels = a.ints();
  const float* weights = a.optional();
  const int64_t rows = (uint32_t)a.i32(), classes = a.i32();
  const int32_t reduction = a.i32();
  const float smoothing = a.f32();
  const int32_t ignore = a.i32();
  const float total = reduction == kMean ? stats[3 * rows] : 1, all = total != 0 ? 1 / total : 0;
  parallelFor(rows, 1 + 16384 / (classes + 1), [&](int64_t from, int64_t to) {
    for (int64_t r = from; r < to; ++r) {
      const float* x = logits + r * classes;
      float* dx = dlogits + r * classes;
      const float w = weightOf(labels, weights, ignore, r);
      if (w == 0) {
        for (int64_t i = 0; i < classes; ++i) dx[i] = 0;
        continue;
      }
      const float g = w * (reduction == kNone ? dy[r] : dy[0] * all);
      const vf shift = splat(stats[r]), scale = splat(g * stats[rows + r]), base = splat(g * smoothing / (float)classes);
      int64_t i = 0;
      for (; i + 2 * kVec <= classes; i += 2 * kVec) {
        store(dx + i, vexpNegative(load(x + i) - shift) * scale - base);
        store(dx + i + kVec, vexpNegative(load(x + i + kVec) - shift) * scale - base);
      }
      for (; i + kVec <= classes; i += kVec) store(dx + i, vexpNegative(load(x + i) - shift) * scale - base);
      if (i < classes) {
        const int64_t at = classes - kVec;  // the last vector overlaps the one before
        if (at >= 0) store(dx + at, vexpNegative(load(x + at) - shift) * scale - base);
        else storePart(dx + i, vexpNegative(loadPart(x + i, classes - i, kNegInf) - shift) * scale - base, classes - i);
      }
      dx[labels[r]] -= g * (1 - smoothing);
    }
  });
}

}  // namespace d2l
