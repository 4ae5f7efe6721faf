// Scaled dot-product attention, backward, from the probabilities that forward kept.
#include "attention.h"
#include "rows.h"
#include "smallGemm.h"

namespace d2l {

namespace {

struct Backward {
  HeadView dq, dk, dv, dy, y, q, k, v;
  const float* weights;
  AttentionShape s;
  void head(int64_t batch, int64_t h, float* buffer, const float* given) const;
};

// With P the weights, f the dropout factors and O the output: dV = (P·f)ᵀ dO, dP = (dO Vᵀ)·f,
// dS = P (dP − rowsum(dO·O)), dQ = scale dS K, dK = scale dSᵀ Q. `given`: f, if it is there already.
void Backward::head(int64_t batch, int64_t h, float* buffer, const float* given) const {
  const int64_t size = s.size, ld = s.padded(), block = s.block;
  const float* Q = q.at(batch, h, s.queries, size);
  const float* K = k.at(batch, h, s.keys, size);
  const float* V = v.at(batch, h, s.keys, size);
  const float* Y = y.at(batch, h, s.queries, size);
  const float* dY = dy.at(batch, h, s.queries, size);
  float* dQ = dq.at(batch, h, s.queries, size);
  float* dK = dk.at(batch, h, s.keys, size);
  float* dV = dv.at(batch, h, s.keys, size);
  const int64_t index = (batch * s.heads + h) * s.queries * s.keys;
  const float* P = weights + index;

  float* columns = buffer;
  float* scores = columns + size * ld;
  float* products = scores + block * ld;  // weights times dropout factors
  float* made = products + block * ld;
  packColumns(columns, ld, V, v.row, s.keys, size, 1);

  for (int64_t from = 0; from < s.queries; from += block) {
    const int64_t to = from + block < s.queries ? from + block : s.queries, rows = to - from;
    const float* dYb = dY + from * dy.row;
    smallGemm(rows, ld, size, dYb, dy.row, 1, columns, ld, scores, ld, false);
    const float* factors = given ? given + from * s.keys : made;
    if (s.dropout && !given) applyDropout(made, nullptr, index + from * s.keys, rows * s.keys, s.key);
    for (int64_t i = 0; i < rows; ++i) {
      float* ds = scores + i * ld;
      float* dropped = products + i * ld;
      const float* f = factors + i * s.keys;
      const float* p = P + (from + i) * s.keys;
      const vf total = splat(rowDot(dYb + i * dy.row, Y + (from + i) * y.row, size)), scale = splat(s.scale);
      const int64_t room = (s.queries - from - i) * s.keys;  // weights there are from p on
      for (int64_t j = 0; j < s.keys; j += kVec) {  // lanes past the last key are never used
        const vf w = j + kVec <= room ? load(p + j) : loadPart(p + j, s.keys - j);
        vf slope = load(ds + j);
        if (s.dropout) {
          const vf factor = load(f + j);
          slope *= factor;
          store(dropped + j, factor * w);
        }
        store(ds + j, w * (slope - total) * scale);
      }
    }
    smallGemm(rows, size, s.keys, scores, ld, 1, K, k.row, dQ + from * dq.row, dq.row, false);
    smallGemm(s.keys, size, rows, scores, 1, ld, Q + from * q.row, q.row, dK, dk.row, from > 0);
    smallGemm(s.keys, size, rows, s.dropout ? products : P + from * s.keys, 1, s.dropout ? ld : s.keys, dYb, dy.row, dV, dv.row, from > 0);
  }
}

}  // namespace

// dq, dk, dv, dy, y, q, k, v (each with its row stride), weights, shape
D2L_OP(attentionGrad) {
  Args a;
  Backward b;
  b.dq.read(a);
  b.dk.read(a);
  b.dv.read(a);
  b.dy.read(a);
  b.y.read(a);
  b.q.read(a);
  b.k.read(a);
  b.v.read(a);
  b.weights = a.ptr();
  b.s.read(a);
  parallelFor(b.s.batch * b.s.heads, 1 + b.s.grain() / 2, [&](int64_t from, int64_t to) {
    b.s.forHeads(from, to, [&](int64_t batch, int64_t h, float* buffer, const float* factors) { b.head(batch, h, buffer, factors); });
  });
}

}  // namespace d2l
