// 2-D convolution as matrix products: shapes, the cut of the work, and moving image patches to and from columns.
#pragma once
#include "abi.h"
#include "gemm.h"

namespace d2l {

// x: [batch, channels, h, w], weight: [out, channels / groups, kh, kw], y: [batch, out, oh, ow].
struct ConvShape {
  int64_t batch, channels, h, w, out, oh, ow, kh, kw;
  int64_t strideH, strideW, padH, padW, dilationH, dilationW, groups;

  void read(Args& a) {
    batch = a.i32(); channels = a.i32(); h = a.i32(); w = a.i32(); out = a.i32(); oh = a.i32(); ow = a.i32();
    kh = a.i32(); kw = a.i32(); strideH = a.i32(); strideW = a.i32(); padH = a.i32(); padW = a.i32();
    dilationH = a.i32(); dilationW = a.i32(); groups = a.i32();
  }
  int64_t positions() const { return oh * ow; }
  int64_t depth() const { return channels / groups * kh * kw; }  // rows of a column matrix
  int64_t groupOut() const { return out / groups; }
  // Columns handled at once: enough to pay for packing the weights, few enough to stay near the core.
  int64_t width() const {
    const int64_t cap = 400000 / (depth() + groupOut() + 1) / kTileCols * kTileCols;
    int64_t n = 98304 / (depth() + 1) / kTileCols * kTileCols;
    if (n < 192) n = 192;
    if (n > cap) n = cap;
    return n < kTileCols ? kTileCols : n;
  }
  // Images a part should at least have.
  int64_t grain() const { return 1 + 200000 / (positions() * depth() * groupOut() * groups + 1); }
};

// A run of columns: either whole images or a part of one. Column q is position q of `image` counted on from `first`.
struct ConvColumns {
  int64_t image, first, count;
};

// Calls f(columns) for the images [from, to) in pieces of at most about `width` columns.
template <class F>
inline void forColumns(const ConvShape& s, int64_t from, int64_t to, F&& f) {
  const int64_t positions = s.positions(), width = s.width();
  if (positions <= 0) return;
  const int64_t images = width / positions;
  if (images >= 1) {
    for (int64_t n = from; n < to; n += images) f(ConvColumns{n, 0, (n + images < to ? images : to - n) * positions});
    return;
  }
  for (int64_t n = from; n < to; ++n)
    for (int64_t q = 0; q < positions; q += width) f(ConvColumns{n, q, q + width < positions ? width : positions - q});
}

// One row of the column matrix: for kernel element (c, u, v), the input value under each column. Calls
// f(offset in line, input pointer or null for padding, count, step) for every run.
template <class F>
inline void forRuns(const ConvShape& s, const ConvColumns& q, const float* x, int64_t c, int64_t u, int64_t v, F&& f) {
  const int64_t positions = s.positions();
  int64_t at = 0;
  while (at < q.count) {
    const int64_t position = (q.first + at) % positions, image = q.image + (q.first + at) / positions;
    const int64_t i = position / s.ow, j0 = position % s.ow;
    const int64_t j1 = s.ow - j0 < q.count - at ? s.ow : j0 + q.count - at;  // this output row's columns [j0, j1)
    const int64_t row = i * s.strideH - s.padH + u * s.dilationH;
    const int64_t shift = v * s.dilationW - s.padW;  // input column = j · stride + shift
    int64_t a = 0, b = 0;                            // columns inside the image: [a, b)
    if (row >= 0 && row < s.h) {
      a = shift < 0 ? (-shift + s.strideW - 1) / s.strideW : 0;
      b = s.w - 1 - shift < 0 ? 0 : (s.w - 1 - shift) / s.strideW + 1;
      a = a < j0 ? j0 : a > j1 ? j1 : a;
      b = b < a ? a : b > j1 ? j1 : b;
    } else {
      a = b = j0;
    }
    const float* in = x + ((image * s.channels + c) * s.h + row) * s.w + shift;
    if (a > j0) f(at, (const float*)nullptr, a - j0, (int64_t)0);
    if (b > a) f(at + a - j0, in + a * s.strideW, b - a, s.strideW);
    if (j1 > b) f(at + b - j0, (const float*)nullptr, j1 - b, (int64_t)0);
    at += j1 - j0;
  }
}

// line[q] for all columns.
inline void columnLine(const ConvShape& s, const ConvColumns& q, const float* x, int64_t c, int64_t u, int64_t v, float* line) {
  forRuns(s, q, x, c, u, v, [&](int64_t at, const float* in, int64_t count, int64_t step) {
    float* to = line + at;
    if (!in) for (int64_t i = 0; i < count; ++i) to[i] = 0;
    else if (step == 1) for (int64_t i = 0; i < count; ++i) to[i] = in[i];
    else for (int64_t i = 0; i < count; ++i) to[i] = in[i * step];
  });
}

}  // namespace d2l
