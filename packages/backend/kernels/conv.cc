// 2-D convolution, forward: image patches are written as packed columns and multiplied by the weights.
#include "conv.h"

namespace d2l {

namespace {

// The column matrix of one group, packed as gemm wants op(B): [panel][depth][kTileCols].
void packColumnPanels(const ConvShape& s, const ConvColumns& q, const float* x, int64_t group, float* panels, float* line) {
  const int64_t depth = s.depth(), perGroup = s.channels / s.groups, count = panelCount(q.count) * kTileCols;
  int64_t k = 0;
  for (int64_t c = group * perGroup; c < (group + 1) * perGroup; ++c)
    for (int64_t u = 0; u < s.kh; ++u)
      for (int64_t v = 0; v < s.kw; ++v, ++k) {
        columnLine(s, q, x, c, u, v, line);
        for (int64_t i = q.count; i < count; ++i) line[i] = 0;
        float* to = panels + k * kTileCols;
        for (int64_t i = 0; i < count; i += kTileCols, to += depth * kTileCols) {
          store(to, load(line + i));
          store(to + kVec, load(line + i + kVec));
        }
      }
}

void convColumns(const ConvShape& s, const ConvColumns& q, float* y, const float* x, const float* weight, const float* bias) {
  const int64_t depth = s.depth(), groupOut = s.groupOut(), positions = s.positions(), width = panelCount(q.count) * kTileCols;
  float* work = scratch();
  float* panels = work + kGemmWork;
  float* line = panels + depth * width;
  float* result = line + width + kVec;
  const bool one = q.count <= positions;  // all columns are of one image: write straight to y
  for (int64_t group = 0; group < s.groups; ++group) {
    packColumnPanels(s, q, x, group, panels, line);
    Gemm g;
    g.m = groupOut;
    g.n = q.count;
    g.k = depth;
    g.a = matrix(weight + group * groupOut * depth, depth);
    g.packed = panels;
    g.c = one ? y + (q.image * s.out + group * groupOut) * positions + q.first * s.ow : result;
    g.ldc = one ? positions : width;
    gemmSerial(g, work);
    for (int64_t o = 0; o < groupOut; ++o) {
      const int64_t channel = group * groupOut + o;
      const float shift = bias ? bias[channel] : 0;
      if (one && !bias) break;
      for (int64_t n = 0; n * positions < q.count; ++n) {
        float* to = y + ((q.image + n) * s.out + channel) * positions + q.first * s.ow;
        const float* from = one ? to : result + o * width + n * positions;
        const int64_t count = one ? q.count : positions;
        for (int64_t i = 0; i < count; ++i) to[i] = from[i] + shift;
      }
    }
  }
}

}  // namespace

// shape, needs dx, needs dweight (neither: forward); leaves the floats of memory that conv or convGrad needs.
D2L_OP(convSpace) {
  Args a;
  ConvShape s;
  s.read(a);
  const bool input = a.i32() != 0, weight = a.i32() != 0;
  int64_t most = 0;
  const auto want = [&](ConvPass pass, int64_t columns) {
    const int64_t floats = winogradPays(s) ? winogradSpace(s, pass) : directPays(s) ? directSpace(s, pass) : columns;
    most = floats > most ? floats : most;
  };
  if (!input && !weight) want(kConvForward, 0);
  if (input) want(kConvInputGrad, 0);
  if (weight) want(kConvWeightGrad, (threadCount - 1) * s.out * s.depth());
  arguments[0] = (int32_t)most;
}

// y, x, weight, bias?, shape, space
D2L_OP(conv) {
  Args a;
  float* y = a.ptr();
  const float* x = a.ptr();
  const float* weight = a.ptr();
  const float* bias = a.optional();
  ConvShape s;
  s.read(a);
  float* space = a.ptr();
  if (winogradPays(s)) return winogradForward(s, y, x, weight, bias, space);
  if (directPays(s)) return directForward(s, y, x, weight, bias, space);
  parallelFor(s.batch, s.grain(), [&](int64_t from, int64_t to) {
    forColumns(s, from, to, [&](const ConvColumns& q) { convColumns(s, q, y, x, weight, bias); });
  });
}

}  // namespace d2l
