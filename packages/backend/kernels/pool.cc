// Max and average pooling of [N, C, H, W] and their gradients; planes are independent.
#include "abi.h"
#include "rows.h"

namespace d2l {

namespace {

struct Pool {
  int64_t planes;
  int h, w, oh, ow, kh, kw, sh, sw, ph, pw;
  bool average;
  void read(Args& a) {
    planes = (uint32_t)a.i32();
    h = a.i32(); w = a.i32(); oh = a.i32(); ow = a.i32();
    kh = a.i32(); kw = a.i32(); sh = a.i32(); sw = a.i32(); ph = a.i32(); pw = a.i32();
    average = a.i32() != 0;
  }
  int64_t grain() const { return 1 + 16384 / ((int64_t)oh * ow * kh * kw + 1); }
};

// The part of a window that lies inside [0, size).
struct Span { int from, to; };
inline Span span(int o, int stride, int pad, int kernel, int size) {
  const int from = o * stride - pad, to = from + kernel;
  return {from < 0 ? 0 : from, to > size ? size : to};
}

void averagePlane(float* y, const float* x, const Pool& p) {
  const float scale = 1.0f / (float)(p.kh * p.kw);
  for (int i = 0; i < p.oh; ++i) {
    const Span r = span(i, p.sh, p.ph, p.kh, p.h);
    for (int j = 0; j < p.ow; ++j) {
      const Span c = span(j, p.sw, p.pw, p.kw, p.w);
      float s = 0;
      for (int u = r.from; u < r.to; ++u) for (int v = c.from; v < c.to; ++v) s += x[(int64_t)u * p.w + v];
      y[(int64_t)i * p.ow + j] = s * scale;
    }
  }
}

// Index of the first maximum of a window (NaN counts as largest), −1 for an empty window.
inline int64_t argMax(const float* x, const Span& r, const Span& c, int w) {
  int64_t best = -1;
  float most = kNegInf;
  for (int u = r.from; u < r.to; ++u) {
    for (int v = c.from; v < c.to; ++v) {
      const float value = x[(int64_t)u * w + v];
      if (best < 0 || value > most || value != value) {
        best = (int64_t)u * w + v;
        most = value;
        if (value != value) return best;
      }
    }
  }
  return best;
}

void maxPlane(float* y, const float* x, const Pool& p) {
  for (int i = 0; i < p.oh; ++i) {
    const Span r = span(i, p.sh, p.ph, p.kh, p.h);
    for (int j = 0; j < p.ow; ++j) {
      const Span c = span(j, p.sw, p.pw, p.kw, p.w);
      const int64_t best = argMax(x, r, c, p.w);
      y[(int64_t)i * p.ow + j] = best < 0 ? kNegInf : x[best];
    }
  }
}

void averagePlaneGrad(float* dx, const float* dy, const Pool& p) {
  const float scale = 1.0f / (float)(p.kh * p.kw);
  for (int i = 0; i < p.oh; ++i) {
    const Span r = span(i, p.sh, p.ph, p.kh, p.h);
    for (int j = 0; j < p.ow; ++j) {
      const Span c = span(j, p.sw, p.pw, p.kw, p.w);
      const float g = dy[(int64_t)i * p.ow + j] * scale;
      for (int u = r.from; u < r.to; ++u) for (int v = c.from; v < c.to; ++v) dx[(int64_t)u * p.w + v] += g;
    }
  }
}

void maxPlaneGrad(float* dx, const float* dy, const float* x, const Pool& p) {
  for (int i = 0; i < p.oh; ++i) {
    const Span r = span(i, p.sh, p.ph, p.kh, p.h);
    for (int j = 0; j < p.ow; ++j) {
      const int64_t best = argMax(x, r, span(j, p.sw, p.pw, p.kw, p.w), p.w);
      if (best >= 0) dx[best] += dy[(int64_t)i * p.ow + j];
    }
  }
}

}  // namespace

// y, x, planes, h, w, oh, ow, kh, kw, sh, sw, ph, pw, average
D2L_OP(pool) {
  Args a;
  float* y = a.ptr();
  const float* x = a.ptr();
  Pool p;
  p.read(a);
  parallelFor(p.planes, p.grain(), [&](int64_t from, int64_t to) {
    for (int64_t c = from; c < to; ++c) {
      float* out = y + c * p.oh * p.ow;
      const float* in = x + c * p.h * p.w;
      p.average ? averagePlane(out, in, p) : maxPlane(out, in, p);
    }
  });
}

// dx, dy, x, planes, h, w, oh, ow, kh, kw, sh, sw, ph, pw, average
D2L_OP(poolGrad) {
  Args a;
  float* dx = a.ptr();
  const float* dy = a.ptr();
  const float* x = a.ptr();
  Pool p;
  p.read(a);
  parallelFor(p.planes, p.grain(), [&](int64_t from, int64_t to) {
    for (int64_t c = from; c < to; ++c) {
      float* out = dx + c * p.h * p.w;
      for (int64_t i = 0; i < (int64_t)p.h * p.w; ++i) out[i] = 0;
      const float* g = dy + c * p.oh * p.ow;
      p.average ? averagePlaneGrad(out, g, p) : maxPlaneGrad(out, g, x + c * p.h * p.w, p);
    }
  });
}

}  // namespace d2l
