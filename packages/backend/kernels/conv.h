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

// What is computed of a convolution, and how: each way tells whether it pays and how many floats of memory it needs.
// Where neither pays (few channels, groups, dilation), image patches are written as columns.
enum ConvPass { kConvForward = 0, kConvInputGrad = 1, kConvWeightGrad = 2 };

bool winogradPays(const ConvShape& s);
int64_t winogradSpace(const ConvShape& s, ConvPass pass);
void winogradForward(const ConvShape& s, float* y, const float* x, const float* weight, const float* bias, float* space);
void winogradInputGrad(const ConvShape& s, float* dx, const float* dy, const float* weight, float* space);
void winogradWeightGrad(const ConvShape& s, float* dweight, const float* dy, const float* x, float* space);

bool directPays(const ConvShape& s);
int64_t directSpace(const ConvShape& s, ConvPass pass);
void directForward(const ConvShape& s, float* y, const float* x, const float* weight, const float* bias, float* space);
void directInputGrad(const ConvShape& s, float* dx, const float* dy, const float* weight, float* space);
void directWeightGrad(const ConvShape& s, float* dweight, const float* dy, const float* x, float* space);

// A run of columns: `rows` rows of the output from row `first` of `image` on, over several images if first is 0 and
// they are whole. Column q is the q-th position counted from there.
struct ConvColumns {
  int64_t image, first, rows, count;
};

// Calls f(columns) for the images [from, to) in pieces of about `width` columns.
template <class F>
inline void forColumns(const ConvShape& s, int64_t from, int64_t to, F&& f) {
  const int64_t positions = s.positions();
  if (positions <= 0) return;
  const int64_t images = s.width() / positions;
  if (images >= 1) {
    for (int64_t n = from; n < to; n += images) {
      const int64_t rows = (n + images < to ? images : to - n) * s.oh;
      f(ConvColumns{n, 0, rows, rows * s.ow});
    }
    return;
  }
  const int64_t most = s.width() / s.ow < 1 ? 1 : s.width() / s.ow, pieces = (s.oh + most - 1) / most;
  for (int64_t n = from; n < to; ++n)
    for (int64_t p = 0; p < pieces; ++p) {
      const int64_t first = s.oh * p / pieces, rows = s.oh * (p + 1) / pieces - first;
      f(ConvColumns{n, first, rows, rows * s.ow});
    }
}

// The output columns [from, to) whose input under kernel column v is inside the image.
struct ConvSpan {
  int64_t from, to;
};
inline ConvSpan insideColumns(const ConvShape& s, int64_t v) {
  const int64_t shift = v * s.dilationW - s.padW;  // input column = j · stride + shift
  int64_t a = shift < 0 ? (-shift + s.strideW - 1) / s.strideW : 0;
  int64_t b = s.w - 1 - shift < 0 ? 0 : (s.w - 1 - shift) / s.strideW + 1;
  b = b > s.ow ? s.ow : b;
  a = a > b ? b : a;
  return {a, b};
}

// For kernel element (c, u, v), calls f(row, input) for every output row: `input` is the input value under the first
// column inside the image, null where the whole row is padding.
template <class F>
inline void forRows(const ConvShape& s, const ConvColumns& q, const float* x, int64_t c, int64_t u, int64_t v, const ConvSpan& span, F&& f) {
  int64_t i = q.first;
  const float* plane = x + (q.image * s.channels + c) * s.h * s.w + (span.from * s.strideW + v * s.dilationW - s.padW);
  const int64_t shift = u * s.dilationH - s.padH;
  for (int64_t row = 0; row < q.rows; ++row) {
    const int64_t at = i * s.strideH + shift;
    f(row, at >= 0 && at < s.h && span.to > span.from ? plane + at * s.w : nullptr);
    if (++i == s.oh) {
      i = 0;
      plane += s.channels * s.h * s.w;
    }
  }
}

// line[q] for all columns; `line` has room for a vector more.
inline void columnLine(const ConvShape& s, const ConvColumns& q, const float* x, int64_t c, int64_t u, int64_t v, float* line) {
  const ConvSpan span = insideColumns(s, v);
  const float* end = x + s.batch * s.channels * s.h * s.w;
  const int64_t count = span.to - span.from, step = s.strideW;
  const bool whole = count == s.ow;
  forRows(s, q, x, c, u, v, span, [&](int64_t row, const float* in) {
    float* to = line + row * s.ow;
    if (!whole || !in) {
      int64_t i = 0;
      for (; i < s.ow; i += kVec) store(to + i, splat(0));
    }
    if (!in) return;
    to += span.from;
    if (step != 1) {
      for (int64_t i = 0; i < count; ++i) to[i] = in[i * step];
      return;
    }
    int64_t i = 0;
    for (; i + kVec <= count; i += kVec) store(to + i, load(in + i));
    if (i == count) return;
    // What a vector too many writes is written again by the next row, where this row ends at its last column.
    if (span.to == s.ow && in + i + kVec <= end) store(to + i, load(in + i));
    else for (; i < count; ++i) to[i] = in[i];
  });
}

}  // namespace d2l
