// Scaled dot-product attention, forward: scores, mask, softmax, dropout and the weighted sum, one head at a time.
#include "attention.h"
#include "rows.h"
#include "smallGemm.h"
#include "softmax.h"

namespace d2l {

namespace {

struct Forward {
  HeadView y, q, k, v;
  float* weights;  // probabilities before dropout [batch, heads, queries, keys], or null
  const int32_t* lens;
  bool lensPerQuery;
  const float* mask;
  int64_t maskBatch, maskHead, maskQuery;  // strides, 0 where the mask is broadcast
  AttentionShape s;

  int64_t validKeys(int64_t batch, int64_t query) const {
    if (!lens) return s.keys;
    const int64_t n = lens[lensPerQuery ? batch * s.queries + query : batch];
    return n < 0 ? 0 : n > s.keys ? s.keys : n;
  }
  // Keys that query i of a batch row sees.
  int64_t visible(int64_t batch, int64_t i) const {
    int64_t n = validKeys(batch, i);
    if (s.causal) {
      const int64_t c = i + 1 + s.keys - s.queries;
      n = c < n ? c : n;
    }
    return n < 0 ? 0 : n;
  }
  void head(int64_t batch, int64_t h, float* buffer) const;
};

void Forward::head(int64_t batch, int64_t h, float* buffer) const {
  const int64_t size = s.size, ld = s.padded(), block = s.blockRows();
  const float* Q = q.at(batch, h, s.queries, size);
  const float* K = k.at(batch, h, s.keys, size);
  const float* V = v.at(batch, h, s.keys, size);
  float* Y = y.at(batch, h, s.queries, size);
  const int64_t index = (batch * s.heads + h) * s.queries * s.keys;  // of this head's first weight

  int64_t most = 0;  // keys that any query sees
  if (lens && !lensPerQuery) most = validKeys(batch, 0);
  else for (int64_t i = 0; i < s.queries; ++i) most = visible(batch, i) > most ? visible(batch, i) : most;
  float* columns = buffer;
  float* scores = columns + size * ld;
  float* factors = scores + block * ld;
  packColumns(columns, (most + kVec - 1) / kVec * kVec, K, k.row, most, size, s.scale);
  const int64_t ldColumns = (most + kVec - 1) / kVec * kVec;

  for (int64_t from = 0; from < s.queries; from += block) {
    const int64_t to = from + block < s.queries ? from + block : s.queries;
    if (s.dropout) applyDropout(factors, nullptr, index + from * s.keys, (to - from) * s.keys, s.key);
    for (int64_t i0 = from; i0 < to; i0 += 12) {
      const int64_t i1 = i0 + 12 < to ? i0 + 12 : to;
      int64_t seen = 0;
      for (int64_t i = i0; i < i1; ++i) seen = visible(batch, i) > seen ? visible(batch, i) : seen;
      float* S = scores + (i0 - from) * ld;
      smallGemm(i1 - i0, (seen + kVec - 1) / kVec * kVec, size, Q + i0 * q.row, q.row, 1, columns, ldColumns, S, ld, false);
      for (int64_t i = i0; i < i1; ++i) {
        float* row = S + (i - i0) * ld;
        const int64_t n = visible(batch, i);
        if (mask) {
          const float* m = mask + batch * maskBatch + h * maskHead + i * maskQuery;
          for (int64_t j = 0; j < n; ++j) row[j] += m[j];
        }
        softmaxPadded(row, n, seen);
        if (weights) {
          float* w = weights + index + i * s.keys;
          for (int64_t j = 0; j < n; ++j) w[j] = row[j];
          for (int64_t j = n; j < s.keys; ++j) w[j] = 0;
        }
        if (s.dropout) {
          const float* f = factors + (i - from) * s.keys;
          for (int64_t j = 0; j < n; ++j) row[j] *= f[j];
        }
      }
      smallGemm(i1 - i0, size, seen, S, ld, 1, V, v.row, Y + i0 * y.row, y.row, false);
    }
  }
}

}  // namespace

// y, q, k, v (each with its row stride), weights?, validLens?, perQuery, mask?, its strides (batch, head, query), shape
D2L_OP(attention) {
  Args a;
  Forward f;
  f.y.read(a);
  f.q.read(a);
  f.k.read(a);
  f.v.read(a);
  f.weights = a.optional();
  f.lens = a.optionalInts();
  f.lensPerQuery = a.i32() != 0;
  f.mask = a.optional();
  f.maskBatch = a.i32();
  f.maskHead = a.i32();
  f.maskQuery = a.i32();
  f.s.read(a);
  parallelFor(f.s.batch * f.s.heads, f.s.grain(), [&](int64_t from, int64_t to) {
    for (int64_t i = from; i < to; ++i) f.head(i / f.s.heads, i % f.s.heads, scratch());
  });
}

}  // namespace d2l
