// Softmax cross-entropy on integer labels: forward keeps one log-sum-exp a row, backward is one pass.
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
  if (i < n) s1 += vexpNegative(loadPart(x + i, n - i, kNegInf) - m);
  return sum(s0 + s1);
}

enum Reduction { kNone = 0, kSum = 1, kMean = 2 };

}  // namespace

// loss, stats (rows of log-sum-exp, then rows of losses, then the sum of weights), logits, labels, weights?,
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
  float* lse = stats;
  float* each = reduction == kNone ? loss : stats + rows;
  parallelFor(rows, 1 + 16384 / (classes + 1), [&](int64_t from, int64_t to) {
    for (int64_t r = from; r < to; ++r) {
      const float* x = logits + r * classes;
      const float w = labels[r] == ignore ? 0 : weights ? weights[r] : 1;
      if (w == 0) {  // an ignored row costs nothing, and its logits may be anything
        lse[r] = 0;
        each[r] = 0;
        continue;
      }
      const float m = rowMax(x, classes), shift = m == kNegInf ? 0 : m;
      lse[r] = shift + log1(rowExpSum(x, classes, shift));
      float l = lse[r] - x[labels[r]];
      if (smoothing != 0) l = (1 - smoothing) * l + smoothing * (lse[r] - rowSum(x, classes) / (float)classes);
      each[r] = w * l;
    }
  });
  if (reduction == kNone) return;
  double sum = 0, total = 0;
  for (int64_t r = 0; r < rows; ++r) {
    sum += each[r];
    total += labels[r] == ignore ? 0 : weights ? weights[r] : 1;
  }
  stats[2 * rows] = (float)total;
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
  const float total = reduction == kMean ? stats[2 * rows] : 1, all = total != 0 ? 1 / total : 0;
  parallelFor(rows, 1 + 16384 / (classes + 1), [&](int64_t from, int64_t to) {
    for (int64_t r = from; r < to; ++r) {
      const float* x = logits + r * classes;
      float* dx = dlogits + r * classes;
      const float w = labels[r] == ignore ? 0 : weights ? weights[r] : 1;
      if (w == 0) {
        for (int64_t i = 0; i < classes; ++i) dx[i] = 0;
        continue;
      }
      const float g = w * (reduction == kNone ? dy[r] : dy[0] * all);
      const vf shift = splat(stats[r]), scale = splat(g), base = splat(g * smoothing / (float)classes);
      int64_t i = 0;
      for (; i + 2 * kVec <= classes; i += 2 * kVec) {
        store(dx + i, vexpNegative(load(x + i) - shift) * scale - base);
        store(dx + i + kVec, vexpNegative(load(x + i + kVec) - shift) * scale - base);
      }
      for (; i + kVec <= classes; i += kVec) store(dx + i, vexpNegative(load(x + i) - shift) * scale - base);
      if (i < classes) storePart(dx + i, vexpNegative(loadPart(x + i, classes - i, kNegInf) - shift) * scale - base, classes - i);
      dx[labels[r]] -= g * (1 - smoothing);
    }
  });
}

}  // namespace d2l
