// Additive attention scores, v · tanh(query + key), without ever storing the [queries, keys, hidden] tensor.
#include "abi.h"
#include "math.h"
#include "rows.h"

namespace d2l {

// scores, queries, keys, v, batch, Q, K, h
D2L_OP(additiveScores) {
  Args a;
  float* scores = a.ptr();
  const float* queries = a.ptr();
  const float* keys = a.ptr();
  const float* v = a.ptr();
  const int64_t batch = a.i32(), nq = a.i32(), nk = a.i32(), h = a.i32();
  parallelFor(batch * nq, 1 + 16384 / (nk * h + 1), [&](int64_t from, int64_t to) {
    for (int64_t r = from; r < to; ++r) {
      const float* q = queries + r * h;
      for (int64_t j = 0; j < nk; ++j) {
        const float* k = keys + ((r / nq) * nk + j) * h;
        vf s = splat(0);
        int64_t c = 0;
        for (; c + kVec <= h; c += kVec) s += load(v + c) * vtanh(load(q + c) + load(k + c));
        if (c < h) s += loadPart(v + c, h - c) * vtanh(loadPart(q + c, h - c) + loadPart(k + c, h - c));
        scores[r * nk + j] = sum(s);
      }
    }
  });
}

// dqueries, dkeys, dv, partials (threads · h), dy, queries, keys, v, batch, Q, K, h
D2L_OP(additiveScoresGrad) {
  Args a;
  float* dqueries = a.ptr();
  float* dkeys = a.ptr();
  float* dv = a.ptr();
  float* partials = a.ptr();
  const float* dy = a.ptr();
  const float* queries = a.ptr();
  const float* keys = a.ptr();
  const float* v = a.ptr();
  const int64_t batch = a.i32(), nq = a.i32(), nk = a.i32(), h = a.i32();
  int64_t most = batch / (1 + 16384 / (nq * nk * h + 1));
  if (most > batch) most = batch;
  const int parts = most > threadCount ? threadCount : most < 1 ? 1 : (int)most;
  parallel(parts, [&](int part) {
    float* own = partials + part * h;
    for (int64_t c = 0; c < h; ++c) own[c] = 0;
    for (int64_t b = batch * part / parts; b < batch * (part + 1) / parts; ++b) {
      const float *Q = queries + b * nq * h, *K = keys + b * nk * h, *g = dy + b * nq * nk;
      float *dQ = dqueries + b * nq * h, *dK = dkeys + b * nk * h;
      for (int64_t i = 0; i < nq * h; ++i) dQ[i] = 0;
      for (int64_t i = 0; i < nk * h; ++i) dK[i] = 0;
      for (int64_t c = 0; c < h; c += kVec) {
        const int64_t width = h - c < kVec ? h - c : kVec;
        const bool whole = width == kVec;
        const vf weight = whole ? load(v + c) : loadPart(v + c, width);
        vf dweight = splat(0);
        for (int64_t i = 0; i < nq; ++i) {
          const vf q = whole ? load(Q + i * h + c) : loadPart(Q + i * h + c, width);
          vf dq = splat(0);
          for (int64_t j = 0; j < nk; ++j) {
            const float* kp = K + j * h + c;
            float* dkp = dK + j * h + c;
            const vf t = vtanh(q + (whole ? load(kp) : loadPart(kp, width))), s = splat(g[i * nk + j]);
            dweight += s * t;
            const vf d = s * weight * (splat(1) - t * t);
            dq += d;
            if (whole) store(dkp, load(dkp) + d);
            else storePart(dkp, loadPart(dkp, width) + d, width);
          }
          if (whole) store(dQ + i * h + c, dq);
          else storePart(dQ + i * h + c, dq, width);
        }
        if (whole) store(own + c, load(own + c) + dweight);
        else storePart(own + c, loadPart(own + c, width) + dweight, width);
      }
    }
  });
  for (int64_t c = 0; c < h; ++c) {
    float s = partials[c];
    for (int part = 1; part < parts; ++part) s += partials[part * h + c];
    dv[c] = s;
  }
}

}  // namespace d2l
