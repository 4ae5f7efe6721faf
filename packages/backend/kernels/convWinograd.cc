// 3×3 convolution with stride 1 by Winograd's F(2×2, 3×3): 16 products instead of 36 for four outputs and a pair of channels.
// Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015. A tile is 2×2 outputs from 4×4 inputs:
// Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A, whose sum over channels is a matrix product for each of the 16 places.
#include "pixels.h"

namespace d2l {
namespace {

constexpr int64_t kPlaces = 16;
constexpr int64_t kGroupFloats = 1 << 21;  // of an image group's pixels: they stay in the last cache

D2L_INLINE int64_t roundUp(int64_t n) { return (n + kVec - 1) / kVec * kVec; }

// Bᵀ v, of a column or row of an input tile.
D2L_INLINE void inputTransform(const vf (&v)[4], vf (&out)[4]) {
  out[0] = v[0] - v[2];
  out[1] = v[1] + v[2];
  out[2] = v[2] - v[1];
  out[3] = v[1] - v[3];
}

// The tiles of an output of h x w.
struct Tiles {
  int64_t down, across;
  Tiles(int64_t h, int64_t w) : down((h + 1) / 2), across((w + 1) / 2) {}
  int64_t perImage() const { return down * across; }
};

// V[place][tile][pitch] of tiles [from, to): `pitch` of the pixels.
void transformInputs(float* v, int64_t placeStride, const Pixels& p, const Tiles& tiles, int64_t from, int64_t to) {
  for (int64_t t = from; t < to; ++t, v += p.pitch) {
    const int64_t image = t / tiles.perImage(), at = t % tiles.perImage();
    const float* in = p.at(image, at / tiles.across * 2, at % tiles.across * 2);
    const int64_t row = p.cols * p.pitch;
    for (int64_t c = 0; c < p.pitch; c += kVec) {
      vf half[4][4];  // [column][row of the result]
#pragma GCC unroll 4
      for (int j = 0; j < 4; ++j) {
        vf d[4];
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) d[i] = load(in + i * row + j * p.pitch + c);
        inputTransform(d, half[j]);
      }
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) {
        const vf d[4] = {half[0][i], half[1][i], half[2][i], half[3][i]};
        vf out[4];
        inputTransform(d, out);
#pragma GCC unroll 4
        for (int j = 0; j < 4; ++j) store(v + (i * 4 + j) * placeStride + c, out[j]);
      }
    }
  }
}

// Z = A dY Aᵀ of tiles [from, to): the slopes of the 16 products.
void transformSlopes(float* z, int64_t placeStride, const Pixels& p, const Tiles& tiles, int64_t from, int64_t to) {
  for (int64_t t = from; t < to; ++t, z += p.pitch) {
    const int64_t image = t / tiles.perImage(), at = t % tiles.perImage();
    const float* in = p.at(image, at / tiles.across * 2, at % tiles.across * 2);
    const int64_t row = p.cols * p.pitch;
    for (int64_t c = 0; c < p.pitch; c += kVec) {
      const vf a = load(in + c), b = load(in + p.pitch + c), d = load(in + row + c), e = load(in + row + p.pitch + c);
      const vf left[4] = {a, a + d, a - d, splat(0) - d}, right[4] = {b, b + e, b - e, splat(0) - e};
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) {
        float* to4 = z + i * 4 * placeStride + c;
        store(to4, left[i]);
        store(to4 + placeStride, left[i] + right[i]);
        store(to4 + 2 * placeStride, left[i] - right[i]);
        store(to4 + 3 * placeStride, splat(0) - right[i]);
      }
    }
  }
}

// Y = Aᵀ M A + bias of `count` tiles, written as two rows of pixels: out[row of the tile][2 · count][pitch].
void transformOutputs(float* out, const float* m, int64_t placeStride, int64_t pitch, int64_t count, const float* bias, int64_t channels) {
  for (int64_t c = 0; c < pitch; c += kVec) {
    const vf shift = bias && c < channels ? loadPart(bias + c, channels - c) : splat(0);
    for (int64_t t = 0; t < count; ++t) {
      const float* in = m + t * pitch + c;
      vf top[4], bottom[4];
#pragma GCC unroll 4
      for (int j = 0; j < 4; ++j) {
        vf v[4];
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) v[i] = load(in + (i * 4 + j) * placeStride);
        top[j] = v[0] + v[1] + v[2];
        bottom[j] = v[1] - v[2] - v[3];
      }
      float* to = out + 2 * t * pitch + c;
      store(to, top[0] + top[1] + top[2] + shift);
      store(to + pitch, top[1] - top[2] - top[3] + shift);
      to += 2 * count * pitch;
      store(to, bottom[0] + bottom[1] + bottom[2] + shift);
      store(to + pitch, bottom[1] - bottom[2] - bottom[3] + shift);
    }
  }
}

// U = G g Gᵀ packed as op(B) of each place's product; `transposed` turns the kernel for the gradient of the input.
void transformWeights(float* u, const float* weight, int64_t inputs, int64_t outputs, bool transposed) {
  const int64_t k = transposed ? outputs : inputs, perPlace = packedFloats(k, transposed ? inputs : outputs);
  forTaps(weight, inputs, outputs, 9, transposed, [&](int64_t at, int64_t panel, const float* taps) {
    float* to = u + (panel * k + at) * kTileCols;
    for (int half = 0; half < 2; ++half, to += kVec, taps += kVec) {
      vf g[3][4];  // [column][row of G g]
#pragma GCC unroll 3
      for (int j = 0; j < 3; ++j) {
        const auto tap = [&](int i) { return load(taps + (transposed ? 8 - (i * 3 + j) : i * 3 + j) * kTileCols); };
        const vf sum = (tap(0) + tap(2)) * splat(0.5f), middle = tap(1) * splat(0.5f);
        g[j][0] = tap(0);
        g[j][1] = sum + middle;
        g[j][2] = sum - middle;
        g[j][3] = tap(2);
      }
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) {
        const vf sum = (g[0][i] + g[2][i]) * splat(0.5f), middle = g[1][i] * splat(0.5f);
        store(to + (i * 4 + 0) * perPlace, g[0][i]);
        store(to + (i * 4 + 1) * perPlace, sum + middle);
        store(to + (i * 4 + 2) * perPlace, sum - middle);
        store(to + (i * 4 + 3) * perPlace, g[2][i]);
      }
    }
  });
}

// dweight[o][c] = Gᵀ D G, from D[place][outputs][inputs].
void transformWeightGrad(float* dweight, const float* d, int64_t inputs, int64_t outputs) {
  const int64_t perPlace = inputs * outputs;
  parallelFor(outputs, 1 + 1024 / inputs, [&](int64_t from, int64_t to) {
    for (int64_t o = from; o < to; ++o)
      for (int64_t c = 0; c < inputs; c += kVec) {
        const int64_t count = inputs - c < kVec ? inputs - c : kVec;
        const float* in = d + o * inputs + c;
        vf half[4][3];
#pragma GCC unroll 4
        for (int j = 0; j < 4; ++j) {
          vf v[4];
#pragma GCC unroll 4
          for (int i = 0; i < 4; ++i) v[i] = loadPart(in + (i * 4 + j) * perPlace, count);
          const vf sum = (v[1] + v[2]) * splat(0.5f);
          half[j][0] = v[0] + sum;
          half[j][1] = (v[1] - v[2]) * splat(0.5f);
          half[j][2] = v[3] + sum;
        }
        alignas(64) float taps[9][kVec];
#pragma GCC unroll 3
        for (int i = 0; i < 3; ++i) {
          const vf sum = (half[1][i] + half[2][i]) * splat(0.5f);
          store(taps[i * 3], half[0][i] + sum);
          store(taps[i * 3 + 1], (half[1][i] - half[2][i]) * splat(0.5f));
          store(taps[i * 3 + 2], half[3][i] + sum);
        }
        float* out = dweight + (o * inputs + c) * 9;
        for (int64_t k = 0; k < count; ++k)
          for (int t = 0; t < 9; ++t) out[k * 9 + t] = taps[t][k];
      }
  });
}

int64_t imagesAtOnce(int64_t batch, int64_t floats) {
  const int64_t n = kGroupFloats / (floats + 1);
  return n < 1 ? 1 : n < batch ? n : batch;
}

// The pixels that all input tiles of an output of h x w read.
Pixels tilePixels(float* data, const Tiles& tiles, int64_t channels, int64_t pad) {
  return {data, 2 * tiles.down + 2, 2 * tiles.across + 2, roundUp(channels), pad, pad};
}

// y = x convolved with the weights, padded by `pad`; y: [batch, outs, oh, ow].
struct Product {
  int64_t batch, ins, outs, h, w, oh, ow, pad;
  bool transposed;
  Tiles tiles() const { return Tiles(oh, ow); }
  Pixels pixels(float* data) const { return tilePixels(data, tiles(), ins, pad); }
  int64_t images() const { return imagesAtOnce(batch, pixels(nullptr).perImage()); }
  int64_t space() const { return kPlaces * packedFloats(ins, outs) + images() * pixels(nullptr).perImage(); }

  void run(float* y, const float* x, const float* weight, const float* bias, float* space) const {
    const int64_t perPlace = packedFloats(ins, outs), pitch = roundUp(outs), plane = oh * ow;
    transformWeights(space, weight, transposed ? outs : ins, transposed ? ins : outs, transposed);
    const Pixels p = pixels(space + kPlaces * perPlace);
    const Tiles grid = tiles();
    // As many tiles as the scratch memory holds, in whole register tiles where there are several.
    int64_t atOnce = ((int64_t)kScratchFloats - kGemmWork) / (kPlaces * (p.pitch + pitch) + 4 * pitch);
    if (atOnce > 24 * kTileRows) atOnce = 24 * kTileRows;
    if (atOnce > kTileRows) atOnce = atOnce / kTileRows * kTileRows;
    for (int64_t first = 0; first < batch; first += images()) {
      const int64_t count = batch - first < images() ? batch - first : images(), all = count * grid.perImage();
      toPixels(p, x + first * ins * h * w, count, ins, h, w);
      int64_t pieces = (all + atOnce - 1) / atOnce;
      pieces = (pieces + threadCount - 1) / threadCount * threadCount;  // alike for all threads
      parallelFor(pieces, 1, [&](int64_t begin, int64_t end) {
        float* work = scratch();
        for (int64_t piece = begin; piece < end; ++piece) {
          const int64_t from = all * piece / pieces, to = all * (piece + 1) / pieces, some = to - from;
          if (some == 0) continue;
          float* v = work + kGemmWork;
          float* m = v + kPlaces * some * p.pitch;
          float* out = m + kPlaces * some * pitch;
          transformInputs(v, some * p.pitch, p, grid, from, to);
          for (int64_t place = 0; place < kPlaces; ++place) {
            Gemm g;
            g.m = some; g.n = outs; g.k = ins;
            g.a = matrix(v + place * some * p.pitch, p.pitch);
            g.packed = space + place * perPlace;
            g.c = m + place * some * pitch;
            g.ldc = pitch;
            gemmSerial(g, work);
          }
          for (int64_t t = from, run; t < to; t += run) {  // runs of tiles side by side
            const int64_t at = t % grid.perImage(), i = at / grid.across * 2, j = at % grid.across * 2;
            run = grid.across - at % grid.across < to - t ? grid.across - at % grid.across : to - t;
            transformOutputs(out, m + (t - from) * pitch, some * pitch, pitch, run, bias, outs);
            const int64_t columns = 2 * run < ow - j ? 2 * run : ow - j;
            for (int row = 0; row < 2 && i + row < oh; ++row)
              fromPixels(y + (first + t / grid.perImage()) * outs * plane + (i + row) * ow + j, plane,
                         out + row * 2 * run * pitch, pitch, columns, outs);
          }
        }
      });
    }
  }
};

Product forward(const ConvShape& s) { return {s.batch, s.channels, s.out, s.h, s.w, s.oh, s.ow, s.padH, false}; }
Product backward(const ConvShape& s) { return {s.batch, s.out, s.channels, s.oh, s.ow, s.h, s.w, 2 - s.padH, true}; }

// The gradient of the weights: images in groups whose transformed pixels stay in the last cache.
struct WeightGrad {
  const ConvShape& s;
  Tiles tiles() const { return Tiles(s.oh, s.ow); }
  Pixels inputs(float* data) const { return tilePixels(data, tiles(), s.channels, s.padH); }
  Pixels slopes(float* data) const { return {data, 2 * tiles().down, 2 * tiles().across, roundUp(s.out), 0, 0}; }
  int64_t images() const {
    return imagesAtOnce(s.batch, kPlaces * tiles().perImage() * (roundUp(s.channels) + roundUp(s.out)) / 2);
  }
  int64_t space() const {
    return kPlaces * s.channels * s.out +
           images() * (inputs(nullptr).perImage() + slopes(nullptr).perImage() +
                       kPlaces * tiles().perImage() * (roundUp(s.channels) + roundUp(s.out))) + kVec;
  }

  void run(float* dweight, const float* dy, const float* x, float* space) const {
    const Tiles grid = tiles();
    float* d = space;
    const Pixels in = inputs(d + kPlaces * s.channels * s.out), out = slopes(in.data + images() * in.perImage());
    float* v = out.data + images() * out.perImage();
    for (int64_t first = 0; first < s.batch; first += images()) {
      const int64_t count = s.batch - first < images() ? s.batch - first : images(), all = count * grid.perImage();
      float* z = v + kPlaces * all * in.pitch;
      toPixels(in, x + first * s.channels * s.h * s.w, count, s.channels, s.h, s.w);
      toPixels(out, dy + first * s.out * s.oh * s.ow, count, s.out, s.oh, s.ow);
      parallelFor(all, 1 + 2048 / (in.pitch + out.pitch), [&](int64_t from, int64_t to) {
        transformInputs(v + from * in.pitch, all * in.pitch, in, grid, from, to);
        transformSlopes(z + from * out.pitch, all * out.pitch, out, grid, from, to);
      });
      parallelFor(kPlaces, 1, [&](int64_t from, int64_t to) {
        float* work = scratch();
        for (int64_t place = from; place < to; ++place) {
          Gemm g;
          g.m = s.out; g.n = s.channels; g.k = all;
          g.a = matrix(z + place * all * out.pitch, out.pitch, true);
          g.b = matrix(v + place * all * in.pitch, in.pitch);
          g.c = d + place * s.channels * s.out;
          g.ldc = s.channels;
          g.beta = first == 0 ? 0 : 1;
          gemmSerial(g, work);
        }
      });
    }
    transformWeightGrad(dweight, d, s.channels, s.out);
  }
};

}  // namespace

bool winogradPays(const ConvShape& s) {
  if (s.kh != 3 || s.kw != 3 || s.strideH != 1 || s.strideW != 1 || s.dilationH != 1 || s.dilationW != 1) return false;
  if (s.groups != 1 || s.padH != s.padW || s.padH > 2 || s.channels < 16 || s.out < 16 || s.channels + s.out > 1024) return false;
  const int64_t tiles = Tiles(s.oh, s.ow).perImage();
  // Enough of a tile is inside the image, and the transform of the weights is shared by enough tiles.
  return 5 * s.positions() >= 16 * tiles && s.batch * tiles >= 4 * kTileRows;
}

int64_t winogradSpace(const ConvShape& s, ConvPass pass) {
  return pass == kConvForward ? forward(s).space() : pass == kConvInputGrad ? backward(s).space() : WeightGrad{s}.space();
}
void winogradForward(const ConvShape& s, float* y, const float* x, const float* weight, const float* bias, float* space) {
  forward(s).run(y, x, weight, bias, space);
}
void winogradInputGrad(const ConvShape& s, float* dx, const float* dy, const float* weight, float* space) {
  backward(s).run(dx, dy, weight, nullptr, space);
}
void winogradWeightGrad(const ConvShape& s, float* dweight, const float* dy, const float* x, float* space) {
  WeightGrad{s}.run(dweight, dy, x, space);
}

}  // namespace d2l
