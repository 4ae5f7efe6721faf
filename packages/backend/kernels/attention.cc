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
  void finishRow(float* row, int64_t n, int64_t seen, float scale, float* w, int64_t room, const float* f) const;
  void oneQuery(float* row, const float* Q, const float* K, int64_t n) const;
  void head(int64_t batch, int64_t h, float* buffer, const float* given) const;
};

// Scales a row of exponentials to probabilities, keeps them in w (`room` floats are there), and applies the dropout factors f.
void Forward::finishRow(float* row, int64_t n, int64_t seen, float scale, float* w, int64_t room, const float* f) const {
  const vf factor = splat(scale);
  int64_t j = 0;
  for (; j < n; j += kVec) {
    vf p = load(row + j) * factor;
    if (w) {
      if (j + kVec <= room) store(w + j, p);
      else storePart(w + j, p, s.keys - j);
    }
    if (f) p *= load(f + j);
    store(row + j, p);
  }
  if (w) for (int64_t i = j; i < s.keys; ++i) w[i] = 0;
  for (; j < seen; ++j) row[j] = 0;
}

// One query, as in decoding: the keys are read where they lie.
void Forward::oneQuery(float* row, const float* Q, const float* K, int64_t n) const {
  const vf scale = splat(s.scale);
  int64_t j = 0;
  if (s.size % kVec == 0) {
    for (; j + 4 <= n; j += 4) {
      const float *k0 = K + j * k.row, *k1 = k0 + k.row, *k2 = k1 + k.row, *k3 = k2 + k.row;
      vf a = splat(0), b = a, c = a, d = a;
      for (int64_t i = 0; i < s.size; i += kVec) {
        const vf x = load(Q + i) * scale;
        a += x * load(k0 + i);
        b += x * load(k1 + i);
        c += x * load(k2 + i);
        d += x * load(k3 + i);
      }
      row[j] = sum(a);
      row[j + 1] = sum(b);
      row[j + 2] = sum(c);
      row[j + 3] = sum(d);
    }
  }
  for (; j < n; ++j) row[j] = rowDot(Q, K + j * k.row, s.size) * s.scale;
}

// `given`: the head's dropout factors, if they are there already.
void Forward::head(int64_t batch, int64_t h, float* buffer, const float* given) const {
  const int64_t size = s.size, ld = s.padded(), block = s.block;
  const float* Q = q.at(batch, h, s.queries, size);
  const float* K = k.at(batch, h, s.keys, size);
  const float* V = v.at(batch, h, s.keys, size);
  float* Y = y.at(batch, h, s.queries, size);
  const int64_t index = (batch * s.heads + h) * s.queries * s.keys;  // of this head's first weight

  int64_t most = validKeys(batch, 0);  // keys that any query sees
  if (lensPerQuery) for (int64_t i = 1; i < s.queries; ++i) most = validKeys(batch, i) > most ? validKeys(batch, i) : most;
  float* columns = buffer;
  float* scores = columns + size * ld;
  float* made = scores + block * ld;
  const int64_t ldColumns = (most + kVec - 1) / kVec * kVec;
  if (s.queries > 1) packColumns(columns, ldColumns, K, k.row, most, size, s.scale);

  for (int64_t from = 0; from < s.queries; from += block) {
    const int64_t to = from + block < s.queries ? from + block : s.queries;
    const float* factors = given ? given + from * s.keys : made;
    if (s.dropout && !given) applyDropout(made, nullptr, index + from * s.keys, (to - from) * s.keys, s.key);
    for (int64_t i0 = from; i0 < to; i0 += 12) {
      const int64_t i1 = i0 + 12 < to ? i0 + 12 : to;
      int64_t counts[12], seen = 0;  // keys that each query sees, and that any of them sees
      for (int64_t i = i0; i < i1; ++i) {
        counts[i - i0] = visible(batch, i);
        seen = counts[i - i0] > seen ? counts[i - i0] : seen;
      }
      float* S = scores + (i0 - from) * ld;
      if (s.queries == 1) oneQuery(S, Q, K, seen);
      else smallGemm(i1 - i0, (seen + kVec - 1) / kVec * kVec, size, Q + i0 * q.row, q.row, 1, columns, ldColumns, S, ld, false);
      float scales[12];  // all exponentials first: each row's sum and division overlap with those of the next rows
      for (int64_t i = i0; i < i1; ++i) {
        float* row = S + (i - i0) * ld;
        const int64_t n = counts[i - i0];
        if (mask) {
          const float* m = mask + batch * maskBatch + h * maskHead + i * maskQuery;
          for (int64_t j = 0; j < n; ++j) row[j] += m[j];
        }
        scales[i - i0] = expPadded(row, n);
      }
      for (int64_t i = i0; i < i1; ++i) {
        float* w = weights ? weights + index + i * s.keys : nullptr;
        const int64_t room = (s.queries - i) * s.keys;  // what a vector spills into the head's next rows is written later
        finishRow(S + (i - i0) * ld, counts[i - i0], seen, scales[i - i0], w, room, s.dropout ? factors + (i - from) * s.keys : nullptr);
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
    f.s.forHeads(from, to, [&](int64_t batch, int64_t h, float* buffer, const float* factors) { f.head(batch, h, buffer, factors); });
  });
}

}  // namespace d2l
