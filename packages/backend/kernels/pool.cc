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

// The outputs [from, to) for which tap `t` of the window lies inside the input.
struct Span {
  int from, to;
};
inline Span inside(int t, int stride, int pad, int size, int outputs) {
  const int shift = t - pad;  // input = output · stride + shift
  int from = shift < 0 ? (-shift + stride - 1) / stride : 0, to = size - 1 - shift < 0 ? 0 : (size - 1 - shift) / stride + 1;
  to = to > outputs ? outputs : to;
  return {from > to ? to : from, to};
}

// Calls f(j range, index of the input under its first column) for every tap of the windows of output row i, in order.
template <class F>
inline void forTaps(const Pool& p, int i, F&& f) {
  for (int u = 0; u < p.kh; ++u) {
    const int row = i * p.sh - p.ph + u;
    if (row < 0 || row >= p.h) continue;
    for (int v = 0; v < p.kw; ++v) {
      const Span s = inside(v, p.sw, p.pw, p.w, p.ow);
      if (s.to > s.from) f(s, row * p.w + s.from * p.sw + v - p.pw);
    }
  }
}

template <int kStride>
void averageTap(float* y, const float* x, int count, int stride) {
  const int step = kStride ? kStride : stride;
  for (int j = 0; j < count; ++j) y[j] += x[j * step];
}

void averagePlane(float* y, const float* x, const Pool& p) {
  const float scale = 1.0f / (float)(p.kh * p.kw);
  for (int i = 0; i < p.oh; ++i, y += p.ow) {
    for (int j = 0; j < p.ow; ++j) y[j] = 0;
    forTaps(p, i, [&](Span s, int at) {
      if (p.sw == 1) averageTap<1>(y + s.from, x + at, s.to - s.from, 1);
      else if (p.sw == 2) averageTap<2>(y + s.from, x + at, s.to - s.from, 2);
      else averageTap<0>(y + s.from, x + at, s.to - s.from, p.sw);
    });
    for (int j = 0; j < p.ow; ++j) y[j] *= scale;
  }
}

void averagePlaneGrad(float* dx, const float* dy, const Pool& p) {
  const float scale = 1.0f / (float)(p.kh * p.kw);
  for (int i = 0; i < p.oh; ++i, dy += p.ow)
    forTaps(p, i, [&](Span s, int at) {
      float* to = dx + at;
      if (p.sw == 1) for (int j = s.from; j < s.to; ++j, ++to) *to += dy[j] * scale;
      else for (int j = s.from; j < s.to; ++j, to += p.sw) *to += dy[j] * scale;
    });
}

// One tap of a row of windows; NaN counts as largest, the first of equal values wins.
template <int kStride>
void maxTap(float* y, const float* x, int count, int stride) {
  const int step = kStride ? kStride : stride;
  for (int j = 0; j < count; ++j) {
    const float value = x[j * step], old = y[j];
    const bool take = (value > old) | (value != value);
    y[j] = take ? value : old;
  }
}
template <int kStride>
void maxTap(float* most, int32_t* where, const float* x, int at, int count, int stride) {
  const int step = kStride ? kStride : stride;
  for (int j = 0; j < count; ++j) {
    const float value = x[at + j * step], old = most[j];
    const int32_t oldWhere = where[j];
    const bool take = (value > old) | (value != value) | (oldWhere < 0);
    most[j] = take ? value : old;
    where[j] = take ? at + j * step : oldWhere;
  }
}

void maxPlane(float* y, const float* x, const Pool& p) {
  for (int i = 0; i < p.oh; ++i, y += p.ow) {
    for (int j = 0; j < p.ow; ++j) y[j] = kNegInf;
    forTaps(p, i, [&](Span s, int at) {
      if (p.sw == 1) maxTap<1>(y + s.from, x + at, s.to - s.from, 1);
      else if (p.sw == 2) maxTap<2>(y + s.from, x + at, s.to - s.from, 2);
      else maxTap<0>(y + s.from, x + at, s.to - s.from, p.sw);
    });
  }
}

void maxPlaneGrad(float* dx, const float* dy, const float* x, const Pool& p, float* buffer) {
  float* most = buffer;
  int32_t* where = (int32_t*)(buffer + p.ow);
  for (int i = 0; i < p.oh; ++i, dy += p.ow) {
    for (int j = 0; j < p.ow; ++j) {
      most[j] = kNegInf;
      where[j] = -1;
    }
    forTaps(p, i, [&](Span s, int at) {
      if (p.sw == 1) maxTap<1>(most + s.from, where + s.from, x, at, s.to - s.from, 1);
      else if (p.sw == 2) maxTap<2>(most + s.from, where + s.from, x, at, s.to - s.from, 2);
      else maxTap<0>(most + s.from, where + s.from, x, at, s.to - s.from, p.sw);
    });
    for (int j = 0; j < p.ow; ++j)
      if (where[j] >= 0) dx[where[j]] += dy[j];
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
      p.average ? averagePlaneGrad(out, g, p) : maxPlaneGrad(out, g, x + c * p.h * p.w, p, scratch());
    }
  });
}

}  // namespace d2l
