// Max and average pooling of [N, C, H, W] and their gradients; planes are independent. A band of output rows is pooled
// along the columns first, into rows of a buffer, and these along their length: whole vectors each time.
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
  // Windows side by side: the outputs of all rows of a band are one run over its buffer.
  bool isFlat() const { return kw <= sw; }
  int64_t pitch() const { return isFlat() ? (int64_t)ow * sw : (int64_t)(ow - 1) * sw + kw; }
  int64_t band() const { return 4096 / (pitch() + 1) + 1; }  // output rows at once
};

// A vector from p on; past `end` it is zeros.
D2L_INLINE vf loadBefore(const float* p, const float* end) { return p + kVec <= end ? load(p) : loadPart(p, end - p); }

// v[0], v[stride], v[2 stride], …
D2L_INLINE vf everyOther(vf a, vf b) {
#if D2L_VEC == 16
  return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
#elif D2L_VEC == 8
  return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
#else
  return __builtin_shufflevector(a, b, 0, 2, 4, 6);
#endif
}
D2L_INLINE vf strided(const float* p, int stride) {
  if (stride == 1) return load(p);
  if (stride == 2) return everyOther(load(p), load(p + kVec));
  vf v;
  for (int i = 0; i < kVec; ++i) v[i] = p[i * stride];
  return v;
}

// The input rows [from, to) of output row i.
struct Rows {
  int from, to;
  Rows(const Pool& p, int i) : from(i * p.sh - p.ph), to(from + p.kh < p.h ? from + p.kh : p.h) {
    if (from < 0) from = 0;
  }
};

struct Max {
  static constexpr float kNothing = kNegInf;
  // NaN counts as largest.
  static D2L_INLINE vf join(vf a, vf b) { return select((b > a) | (b != b), b, a); }
};
struct Sum {
  static constexpr float kNothing = 0;
  static D2L_INLINE vf join(vf a, vf b) { return a + b; }
};

// A buffer row: [padding][w][what is left of the pitch]; vectors may reach past it, into the next row.
template <class F>
D2L_INLINE void bufferRow(const Pool& p, float* row, float nothing, F&& f) {
  const int64_t pitch = p.pitch(), width = p.w < pitch - p.pw ? p.w : pitch - p.pw;
  for (int64_t x = 0; x < p.pw && x < pitch; ++x) row[x] = nothing;
  for (int64_t x = 0; x < width; x += kVec) f(x);
  for (int64_t x = width > 0 ? p.pw + width : p.pw; x < pitch; ++x) row[x] = nothing;
}

template <class Op>
void poolPlane(float* y, const float* x, const float* end, const Pool& p, float scale, float* buffer) {
  const int64_t pitch = p.pitch();
  for (int first = 0; first < p.oh; first += (int)p.band()) {
    const int last = first + p.band() < p.oh ? first + (int)p.band() : p.oh;
    for (int i = first; i < last; ++i) {
      float* row = buffer + (i - first) * pitch;
      const Rows rows(p, i);
      bufferRow(p, row, Op::kNothing, [&](int64_t at) {
        vf v = splat(Op::kNothing);
        for (int r = rows.from; r < rows.to; ++r) v = Op::join(v, loadBefore(x + (int64_t)r * p.w + at, end));
        store(row + p.pw + at, v);
      });
    }
    const int64_t runs = p.isFlat() ? 1 : last - first, count = p.isFlat() ? (int64_t)(last - first) * p.ow : p.ow;
    for (int64_t run = 0; run < runs; ++run) {
      const float* in = buffer + run * pitch;
      float* out = y + ((int64_t)first + run) * p.ow;
      for (int64_t j = 0; j < count; j += kVec) {
        vf v = splat(Op::kNothing);
        for (int t = 0; t < p.kw; ++t) v = Op::join(v, strided(in + j * p.sw + t, p.sw));
        storePart(out + j, v * splat(scale), count - j);
      }
    }
  }
}

// Where a window's first largest value is: along the columns, then along the rows, by the place in the plane.
void maxPlaneGrad(float* dx, const float* dy, const float* x, const float* end, const Pool& p, float* buffer) {
  const int64_t pitch = p.pitch(), room = p.band() * pitch + (p.sw + 1) * kVec;
  float* most = buffer;
  int32_t* where = (int32_t*)(buffer + room);
  vi lane;
  for (int i = 0; i < kVec; ++i) lane[i] = i;
  for (int first = 0; first < p.oh; first += (int)p.band()) {
    const int last = first + p.band() < p.oh ? first + (int)p.band() : p.oh;
    for (int i = first; i < last; ++i) {
      float* row = most + (i - first) * pitch;
      int32_t* place = where + (i - first) * pitch;
      const Rows rows(p, i);
      for (int64_t b = 0; b < pitch; ++b) place[b] = -1;
      bufferRow(p, row, kNegInf, [&](int64_t at) {
        vf v = splat(kNegInf);
        vi w = splatInt(-1);
        for (int r = rows.from; r < rows.to; ++r) {
          const vf value = loadBefore(x + (int64_t)r * p.w + at, end);
          const vi take = (value > v) | (value != value) | (w < splatInt(0));
          v = select(take, value, v);
          w = take ? splatInt((int32_t)(r * p.w + at)) + lane : w;
        }
        store(row + p.pw + at, v);
        storeInts(place + p.pw + at, w);
      });
      for (int64_t b = p.pw + p.w; b < pitch; ++b) place[b] = -1;
    }
    const int64_t runs = p.isFlat() ? 1 : last - first, count = p.isFlat() ? (int64_t)(last - first) * p.ow : p.ow;
    for (int64_t run = 0; run < runs; ++run) {
      const float* slope = dy + ((int64_t)first + run) * p.ow;
      for (int64_t j = 0; j < count; j += kVec) {
        vf v = splat(kNegInf);
        vi w = splatInt(-1);
        for (int t = 0; t < p.kw; ++t) {
          const int64_t at = run * pitch + j * p.sw + t;
          const vf value = strided(most + at, p.sw);
          const vi place = (vi)strided((const float*)where + at, p.sw), isReal = place >= splatInt(0);
          const vi take = isReal & ((value > v) | (value != value) | (w < splatInt(0)) | ((value == v) & (place < w)));
          v = select(take, value, v);
          w = take ? place : w;
        }
        const int32_t* places = (const int32_t*)&w;
        for (int64_t k = 0; k < kVec && j + k < count; ++k)
          if (places[k] >= 0) dx[places[k]] += slope[j + k];
      }
    }
  }
}

void averagePlaneGrad(float* dx, const float* dy, const Pool& p, float* row) {
  const float scale = 1.0f / (float)(p.kh * p.kw);
  const int64_t pitch = p.pitch(), width = p.w < pitch - p.pw ? p.w : pitch - p.pw;
  for (int i = 0; i < p.oh; ++i, dy += p.ow) {
    for (int64_t b = 0; b < pitch; ++b) row[b] = 0;
    for (int t = 0; t < p.kw; ++t)
      for (int64_t j = 0; j < p.ow; ++j) row[j * p.sw + t] += dy[j] * scale;
    const Rows rows(p, i);
    for (int r = rows.from; r < rows.to; ++r)
      for (int64_t x = 0; x < width; ++x) dx[(int64_t)r * p.w + x] += row[p.pw + x];
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
  const int64_t plane = (int64_t)p.h * p.w;
  const float* end = x + p.planes * plane;
  parallelFor(p.planes, p.grain(), [&](int64_t from, int64_t to) {
    for (int64_t c = from; c < to; ++c) {
      float* out = y + c * p.oh * p.ow;
      if (p.average) poolPlane<Sum>(out, x + c * plane, end, p, 1.0f / (float)(p.kh * p.kw), scratch());
      else poolPlane<Max>(out, x + c * plane, end, p, 1, scratch());
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
  const int64_t plane = (int64_t)p.h * p.w;
  const float* end = x + p.planes * plane;
  parallelFor(p.planes, p.grain(), [&](int64_t from, int64_t to) {
    for (int64_t c = from; c < to; ++c) {
      float* out = dx + c * plane;
      for (int64_t i = 0; i < plane; ++i) out[i] = 0;
      const float* g = dy + c * p.oh * p.ow;
      if (p.average) averagePlaneGrad(out, g, p, scratch());
      else maxPlaneGrad(out, g, x + c * plane, end, p, scratch());
    }
  });
}

}  // namespace d2l
