// Images with their channels last and zeros around them, so that a row of a kernel reads one run of memory.
#pragma once
#include "conv.h"
#include "transpose.h"

namespace d2l {

// [image][rows][cols][pitch] in a block of memory; pixel (i, j) of an image lies at (i + top, j + left).
struct Pixels {
  float* data = nullptr;
  int64_t rows = 0, cols = 0, pitch = 0, top = 0, left = 0;
  int64_t perImage() const { return rows * cols * pitch; }
  float* at(int64_t image, int64_t i, int64_t j) const { return data + ((image * rows + i) * cols + j) * pitch; }
};

// Copies `images` images x: [channels, h, w] here, over all threads. What lies outside an image, or above its channels, is 0.
inline void toPixels(const Pixels& p, const float* x, int64_t images, int64_t channels, int64_t h, int64_t w) {
  parallelFor(images * p.rows, 1 + 16384 / (p.cols * p.pitch + 1), [&](int64_t from, int64_t to) {
    for (int64_t r = from; r < to; ++r) {
      const int64_t n = r / p.rows, row = r % p.rows, i = row - p.top;
      float* out = p.at(n, row, 0);
      const int64_t first = p.left < 0 ? -p.left : 0;  // the image's columns [first, last) are in the grid
      int64_t last = p.cols - p.left < w ? p.cols - p.left : w;
      if (i < 0 || i >= h || last < first) last = first;
      const int64_t begin = last > first ? first + p.left : 0, end = begin + last - first;
      const bool isNarrow = p.pitch > channels;
      if (end == begin || isNarrow) {
        for (int64_t k = 0; k < p.cols * p.pitch; ++k) out[k] = 0;
      } else {
        for (int64_t k = 0; k < begin * p.pitch; ++k) out[k] = 0;
        for (int64_t k = end * p.pitch; k < p.cols * p.pitch; ++k) out[k] = 0;
      }
      if (end == begin) continue;
      constexpr int64_t kAtOnce = 64;
      const float* sources[kAtOnce];
      for (int64_t c = 0; c < channels; c += kAtOnce) {
        const int64_t count = channels - c < kAtOnce ? channels - c : kAtOnce;
        for (int64_t k = 0; k < count; ++k) sources[k] = x + ((n * channels + c + k) * h + i) * w + first;
        packTransposed(out + begin * p.pitch + c, p.pitch, sources, count, last - first);
      }
    }
  });
}

// y[channel][first + j] = pixels[j][channel]: a run of `count` positions of one image; `plane` floats a channel.
inline void fromPixels(float* y, int64_t plane, const float* pixels, int64_t pitch, int64_t count, int64_t channels) {
  constexpr int64_t kAtOnce = 64;
  const float* sources[kAtOnce];
  for (int64_t j = 0; j < count; j += kAtOnce) {
    const int64_t some = count - j < kAtOnce ? count - j : kAtOnce;
    for (int64_t k = 0; k < some; ++k) sources[k] = pixels + (j + k) * pitch;
    packTransposed(y + j, plane, sources, some, channels);
  }
}

// Calls f(k, panel, taps) for all panels of the weights in parallel, where taps[t][kTileCols] are the kernel's elements t
// that lead from input k to the panel's outputs (in the scratch memory); `transposed` exchanges inputs and outputs. What a panel lacks is 0.
template <class F>
inline void forTaps(const float* weight, int64_t inputs, int64_t outputs, int64_t taps, bool transposed, F&& f) {
  const int64_t ins = transposed ? outputs : inputs, outs = transposed ? inputs : outputs;
  parallelFor(panelCount(outs), 1 + 4096 / (ins * taps + 1), [&](int64_t from, int64_t to) {
    constexpr int64_t kTaps = 1024;  // rows of the buffer
    float* buffer = scratch();
    const int64_t atOnce = transposed ? 1 : kTaps / taps;  // inputs whose taps lie side by side
    for (int64_t panel = from; panel < to; ++panel) {
      const int64_t o = panel * kTileCols, count = outs - o < kTileCols ? outs - o : kTileCols;
      if (count < kTileCols)
        for (int64_t i = 0; i < kTaps * kTileCols; ++i) buffer[i] = 0;
      for (int64_t k = 0; k < ins; k += atOnce) {
        const int64_t some = ins - k < atOnce ? ins - k : atOnce;
        const float* sources[kTileCols];
        for (int64_t j = 0; j < count; ++j)
          sources[j] = weight + (transposed ? k * outs + o + j : (o + j) * ins + k) * taps;
        packTransposed(buffer, kTileCols, sources, count, some * taps);
        for (int64_t i = 0; i < some; ++i) f(k + i, panel, buffer + i * taps * kTileCols);
      }
    }
  });
}

}  // namespace d2l
