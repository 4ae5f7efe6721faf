// Convolution of many channels as products that read their rows straight from images with channels last: for each row of
// the kernel, an output position's inputs are one run of memory. Nothing is copied to columns.
#include "pixels.h"

namespace d2l {
namespace {

constexpr int64_t kGroupFloats = 1 << 21;  // of an image group's pixels: they stay in the last cache
constexpr int64_t kRows = 12 * kTileRows;  // output positions a product
constexpr int64_t kMostTaps = 256;

int64_t imagesAtOnce(int64_t batch, int64_t floats) {
  const int64_t n = kGroupFloats / (floats + 1);
  return n < 1 ? 1 : n < batch ? n : batch;
}
D2L_INLINE int64_t greater(int64_t a, int64_t b) { return a > b ? a : b; }

// Where a kernel's element goes in the packed weights: its product's matrix, that matrix' rows, its first row there.
struct TapPlace {
  float* matrix;
  int64_t rows, first;
};

void packWeights(const TapPlace* places, const float* weight, int64_t inputs, int64_t outputs, int64_t taps, bool transposed) {
  forTaps(weight, inputs, outputs, taps, transposed, [&](int64_t k, int64_t panel, const float* in) {
    for (int64_t t = 0; t < taps; ++t, in += kTileCols) {
      const TapPlace& place = places[t];
      float* to = place.matrix + (panel * place.rows + place.first + k) * kTileCols;
      store(to, load(in));
      store(to + kVec, load(in + kVec));
    }
  });
}

// An output grid of I x J positions an image: out(i, j) = bias + sum over `segments` u of in(i · strideI + u, j · strideJ),
// read for `k` floats, times the u-th packed matrix [k x n].
struct Grid {
  int64_t I, J, strideI, strideJ, segments, k;
  const float* packed;
  Pixels in;             // from the grid's first input on
  Pixels out;            // from the grid's first output on
  int64_t outI, outJ;    // pixels from an output to the next
  int64_t n;
  const float* bias;

  void run(int64_t images) const {
    const int64_t positions = images * I * J, panels = panelCount(n), perSegment = packedFloats(k, n);
    if (positions == 0) return;
    int64_t pieces = (positions + kRows - 1) / kRows, columns = 1;
    if (pieces < threadCount) columns = panels < threadCount ? panels : threadCount;
    else pieces = (pieces + threadCount - 1) / threadCount * threadCount;
    parallelFor(pieces * columns, 1, [&](int64_t begin, int64_t end) {
      float* work = scratch();
      for (int64_t part = begin; part < end; ++part) {
        const int64_t from = positions * (part / columns) / pieces, to = positions * (part / columns + 1) / pieces;
        const int64_t panel = panels * (part % columns) / columns, last = panels * (part % columns + 1) / columns;
        const float* rows[kRows];
        float* results[kRows];
        for (int64_t q = from; q < to; ++q) {
          const int64_t image = q / (I * J), i = q / J % I, j = q % J;
          rows[q - from] = in.at(image, i * strideI, j * strideJ);
          results[q - from] = out.at(image, i * outI, j * outJ) + panel * kTileCols;
        }
        for (int64_t u = 0; u < segments; ++u) {
          Gemm g;
          g.m = to - from;
          g.n = (last * kTileCols < n ? last * kTileCols : n) - panel * kTileCols;
          g.k = k;
          g.a = gathered(rows);
          g.packed = packed + u * perSegment + panel * k * kTileCols;
          g.cRows = results;
          g.beta = u == 0 ? 0 : 1;
          g.bias = bias && u == segments - 1 ? bias + panel * kTileCols : nullptr;
          gemmSerial(g, work);
          for (int64_t q = 0; q < to - from; ++q) rows[q] += in.cols * in.pitch;
        }
      }
    });
  }
};

// All positions of pixels back to [images, channels, h, w].
void outputs(float* y, const Pixels& p, int64_t images, int64_t channels) {
  const int64_t plane = p.rows * p.cols;
  const int64_t pieces = images * p.rows;
  parallelFor(pieces, 1 + 16384 / (p.cols * channels + 1), [&](int64_t from, int64_t to) {
    while (from < to) {  // runs of rows of one image
      const int64_t image = from / p.rows, row = from % p.rows, rows = p.rows - row < to - from ? p.rows - row : to - from;
      fromPixels(y + image * channels * plane + row * p.cols, plane, p.at(image, row, 0), p.pitch, rows * p.cols, channels);
      from += rows;
    }
  });
}

struct Forward {
  const ConvShape& s;
  Pixels in(float* data) const {
    return {data, (s.oh - 1) * s.strideH + s.kh, (s.ow - 1) * s.strideW + s.kw, s.channels, s.padH, s.padW};
  }
  Pixels out(float* data) const { return {data, s.oh, s.ow, s.out, 0, 0}; }
  int64_t k() const { return s.kw * s.channels; }
  int64_t images() const { return imagesAtOnce(s.batch, in(nullptr).perImage() + out(nullptr).perImage()); }
  int64_t space() const {
    return s.kh * packedFloats(k(), s.out) + images() * (in(nullptr).perImage() + out(nullptr).perImage());
  }

  void run(float* y, const float* x, const float* weight, const float* bias, float* space) const {
    TapPlace places[kMostTaps];
    for (int64_t u = 0; u < s.kh; ++u)
      for (int64_t v = 0; v < s.kw; ++v) places[u * s.kw + v] = {space + u * packedFloats(k(), s.out), k(), v * s.channels};
    packWeights(places, weight, s.channels, s.out, s.kh * s.kw, false);
    const Pixels from = in(space + s.kh * packedFloats(k(), s.out)), to = out(from.data + images() * from.perImage());
    for (int64_t n = 0; n < s.batch; n += images()) {
      const int64_t count = s.batch - n < images() ? s.batch - n : images();
      toPixels(from, x + n * s.channels * s.h * s.w, count, s.channels, s.h, s.w);
      Grid{s.oh, s.ow, s.strideH, s.strideW, s.kh, k(), space, from, to, 1, 1, s.out, bias}.run(count);
      outputs(y + n * s.out * s.positions(), to, count, s.out);
    }
  }
};

// One axis of the input's gradient for the inputs `a`, a + stride, …: the kernel's elements first + stride · m reach
// them, m = count − 1 first, from the slopes at `shift` on.
struct Phase {
  int64_t first, count, shift, inputs;
  Phase(int64_t a, int64_t stride, int64_t pad, int64_t kernel, int64_t size)
      : first((a + pad) % stride),
        count(first < kernel ? (kernel - 1 - first) / stride + 1 : 0),
        shift((a + pad) / stride - (count - 1)),
        inputs(size > a ? (size - a - 1) / stride + 1 : 0) {}
};

struct InputGrad {
  const ConvShape& s;
  Phase rows(int64_t a) const { return Phase(a, s.strideH, s.padH, s.kh, s.h); }
  Phase columns(int64_t b) const { return Phase(b, s.strideW, s.padW, s.kw, s.w); }

  // The slopes' pixels with room on all sides for every phase.
  Pixels slopes(float* data) const {
    int64_t top = 0, bottom = s.oh, left = 0, right = s.ow;
    for (int64_t a = 0; a < s.strideH; ++a) {
      const Phase p = rows(a);
      top = greater(top, -p.shift);
      bottom = greater(bottom, p.inputs - 1 + p.shift + p.count);
    }
    for (int64_t b = 0; b < s.strideW; ++b) {
      const Phase p = columns(b);
      left = greater(left, -p.shift);
      right = greater(right, p.inputs - 1 + p.shift + p.count);
    }
    return {data, top + bottom, left + right, s.out, top, left};
  }
  Pixels inputs(float* data) const { return {data, s.h, s.w, s.channels, 0, 0}; }
  int64_t images() const { return imagesAtOnce(s.batch, slopes(nullptr).perImage() + inputs(nullptr).perImage()); }
  int64_t weights() const { return s.kh * s.kw * s.out * panelCount(s.channels) * kTileCols; }
  int64_t space() const { return weights() + images() * (slopes(nullptr).perImage() + inputs(nullptr).perImage()); }

  void run(float* dx, const float* dy, const float* weight, float* space) const {
    TapPlace places[kMostTaps];
    float* to = space;
    for (int64_t a = 0; a < s.strideH; ++a)
      for (int64_t b = 0; b < s.strideW; ++b) {
        const Phase p = rows(a), q = columns(b);
        for (int64_t m = 0; m < p.count; ++m, to += q.count * s.out * panelCount(s.channels) * kTileCols)
          for (int64_t n = 0; n < q.count; ++n)
            places[(p.first + s.strideH * (p.count - 1 - m)) * s.kw + q.first + s.strideW * (q.count - 1 - n)] = {
                to, q.count * s.out, n * s.out};
      }
    packWeights(places, weight, s.channels, s.out, s.kh * s.kw, true);
    const Pixels from = slopes(space + weights()), in = inputs(from.data + images() * from.perImage());
    for (int64_t image = 0; image < s.batch; image += images()) {
      const int64_t count = s.batch - image < images() ? s.batch - image : images();
      toPixels(from, dy + image * s.out * s.positions(), count, s.out, s.oh, s.ow);
      const float* packed = space;
      for (int64_t a = 0; a < s.strideH; ++a)
        for (int64_t b = 0; b < s.strideW; ++b) {
          const Phase p = rows(a), q = columns(b);
          Pixels source = from, target = in;
          source.data = from.at(0, p.shift + from.top, q.shift + from.left);
          target.data = in.at(0, a, b);
          if (p.count == 0 || q.count == 0) {
            clear(target, count, p.inputs, q.inputs);
            continue;
          }
          Grid{p.inputs, q.inputs, 1, 1, p.count, q.count * s.out, packed, source, target, s.strideH, s.strideW, s.channels, nullptr}
              .run(count);
          packed += p.count * packedFloats(q.count * s.out, s.channels);
        }
      outputs(dx + image * s.channels * s.h * s.w, in, count, s.channels);
    }
  }

  void clear(const Pixels& p, int64_t images, int64_t I, int64_t J) const {
    for (int64_t n = 0; n < images; ++n)
      for (int64_t i = 0; i < I; ++i)
        for (int64_t j = 0; j < J; ++j)
          __builtin_memset(p.at(n, i * s.strideH, j * s.strideW), 0, (size_t)s.channels * 4);
  }
};

struct WeightGrad {
  const ConvShape& s;
  Pixels in(float* data) const { return Forward{s}.in(data); }
  Pixels slopes(float* data) const { return Forward{s}.out(data); }
  int64_t images() const { return Forward{s}.images(); }
  int64_t pointers() const { return images() * s.positions() * 2; }
  int64_t space() const {
    return pointers() + s.out * s.depth() + images() * (in(nullptr).perImage() + slopes(nullptr).perImage()) + kVec;
  }

  void run(float* dweight, const float* dy, const float* x, float* space) const {
    const float** rows = (const float**)space;
    float* d = space + pointers();  // [kernel row][out][kernel column][channel]
    const int64_t k = s.kw * s.channels;
    const Pixels from = in(d + s.out * s.depth()), slope = slopes(from.data + images() * from.perImage());
    for (int64_t image = 0; image < s.batch; image += images()) {
      const int64_t count = s.batch - image < images() ? s.batch - image : images();
      toPixels(from, x + image * s.channels * s.h * s.w, count, s.channels, s.h, s.w);
      toPixels(slope, dy + image * s.out * s.positions(), count, s.out, s.oh, s.ow);
      for (int64_t u = 0; u < s.kh; ++u) {
        for (int64_t q = 0; q < count * s.positions(); ++q)
          rows[q] = from.at(q / s.positions(), q / s.ow % s.oh * s.strideH + u, q % s.ow * s.strideW);
        Gemm g;
        g.m = s.out; g.n = k; g.k = count * s.positions();
        g.a = matrix(slope.data, s.out, true);
        g.b = gathered(rows);
        g.c = d + u * s.out * k;
        g.ldc = k;
        g.beta = image == 0 ? 0 : 1;
        gemm(g);
      }
    }
    // d to [out][channel][kernel row][kernel column].
    const int64_t taps = s.kh * s.kw;
    parallelFor(s.out, 1 + 16384 / s.depth(), [&](int64_t first, int64_t last) {
      const float* sources[kMostTaps];
      for (int64_t o = first; o < last; ++o) {
        for (int64_t t = 0; t < taps; ++t) sources[t] = d + (t / s.kw * s.out + o) * k + t % s.kw * s.channels;
        packTransposed(dweight + o * s.depth(), taps, sources, taps, s.channels);
      }
    });
  }
};

}  // namespace

bool directPays(const ConvShape& s) {
  return s.groups == 1 && s.dilationH == 1 && s.dilationW == 1 && s.kh * s.kw <= kMostTaps && s.kw * s.channels >= 48 && s.out >= 16 &&
         s.batch * s.positions() > 0;
}
int64_t directSpace(const ConvShape& s, ConvPass pass) {
  return pass == kConvForward ? Forward{s}.space() : pass == kConvInputGrad ? InputGrad{s}.space() : WeightGrad{s}.space();
}
void directForward(const ConvShape& s, float* y, const float* x, const float* weight, const float* bias, float* space) {
  Forward{s}.run(y, x, weight, bias, space);
}
void directInputGrad(const ConvShape& s, float* dx, const float* dy, const float* weight, float* space) {
  InputGrad{s}.run(dx, dy, weight, space);
}
void directWeightGrad(const ConvShape& s, float* dweight, const float* dy, const float* x, float* space) {
  WeightGrad{s}.run(dweight, dy, x, space);
}

}  // namespace d2l
