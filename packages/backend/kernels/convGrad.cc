// 2-D convolution, backward: dx scatters weightᵀ dy back over the patches, dweight is dy times the columns.
#include "conv.h"
#include "rows.h"

namespace d2l {

namespace {

struct ConvBackward {
  float *dx, *dweight, *dbias, *space;
  const float *dy, *x, *weight;
  ConvShape s;

  // dy of one group over some columns as [groupOut, count]; a copy where the columns span several images.
  Matrix slope(const ConvColumns& q, int64_t group, float* buffer, int64_t width) const {
    const int64_t positions = s.positions(), groupOut = s.groupOut();
    const float* from = dy + (q.image * s.out + group * groupOut) * positions + q.first * s.ow;
    if (q.count <= positions) return matrix(from, positions);
    for (int64_t n = 0; n * positions < q.count; ++n)
      for (int64_t o = 0; o < groupOut; ++o) {
        const float* in = from + (n * s.out + o) * positions;
        float* to = buffer + o * width + n * positions;
        for (int64_t i = 0; i < positions; ++i) to[i] = in[i];
      }
    return matrix(buffer, width);
  }

  template <class F>
  void forElements(int64_t group, F&& f) const {
    const int64_t perGroup = s.channels / s.groups;
    int64_t k = 0;
    for (int64_t c = group * perGroup; c < (group + 1) * perGroup; ++c)
      for (int64_t u = 0; u < s.kh; ++u)
        for (int64_t v = 0; v < s.kw; ++v) f(k++, c, u, v);
  }

  void columns(const ConvColumns& q, float* dw, bool first) const {
    const int64_t depth = s.depth(), groupOut = s.groupOut(), width = q.count;
    float* work = scratch();
    float* matrixColumns = work + kGemmWork;
    float* buffer = matrixColumns + depth * width + kVec;  // a line may write a vector past its end
    for (int64_t group = 0; group < s.groups; ++group) {
      const Matrix slopes = slope(q, group, buffer, width);
      if (dw) {
        forElements(group, [&](int64_t k, int64_t c, int64_t u, int64_t v) { columnLine(s, q, x, c, u, v, matrixColumns + k * width); });
        Gemm g;
        g.m = groupOut;
        g.n = depth;
        g.k = q.count;
        g.a = slopes;
        g.b = matrix(matrixColumns, width, true);
        g.c = dw + group * groupOut * depth;
        g.ldc = depth;
        g.beta = first ? 0 : 1;
        gemmSerial(g, work);
      }
      if (dx) {
        Gemm g;
        g.m = depth;
        g.n = q.count;
        g.k = groupOut;
        g.a = matrix(weight + group * groupOut * depth, depth, true);
        g.b = slopes;
        g.c = matrixColumns;
        g.ldc = width;
        gemmSerial(g, work);
        forElements(group, [&](int64_t k, int64_t c, int64_t u, int64_t v) {
          const float* line = matrixColumns + k * width;
          const ConvSpan span = insideColumns(s, v);
          const int64_t count = span.to - span.from, step = s.strideW;
          forRows(s, q, dx, c, u, v, span, [&](int64_t row, const float* input) {
            if (!input) return;
            float* to = (float*)input;
            const float* from = line + row * s.ow + span.from;
            if (step == 1) for (int64_t i = 0; i < count; ++i) to[i] += from[i];
            else for (int64_t i = 0; i < count; ++i) to[i * step] += from[i];
          });
        });
      }
    }
  }

  void run() const {
    if (winogradPays(s)) {
      if (dx) winogradInputGrad(s, dx, dy, weight, space);
      if (dweight) winogradWeightGrad(s, dweight, dy, x, space);
    } else if (directPays(s)) {
      if (dx) directInputGrad(s, dx, dy, weight, space);
      if (dweight) directWeightGrad(s, dweight, dy, x, space);
    } else {
      throughColumns();
    }
    if (!dbias) return;
    const int64_t positions = s.positions();
    parallelFor(s.out, 1 + 65536 / (s.batch * positions + 1), [&](int64_t from, int64_t to) {
      for (int64_t o = from; o < to; ++o) {
        double total = 0;
        for (int64_t n = 0; n < s.batch; ++n) total += rowSum(dy + (n * s.out + o) * positions, positions);
        dbias[o] = (float)total;
      }
    });
  }

  void throughColumns() const {
    const int64_t weights = s.out * s.depth(), image = s.channels * s.h * s.w;
    int64_t most = s.batch / s.grain();
    const int parts = most > threadCount ? threadCount : most < 1 ? 1 : (int)most;
    if (dx || dweight) parallel(parts, [&](int part) {
      const int64_t from = s.batch * part / parts, to = s.batch * (part + 1) / parts;
      float* dw = dweight ? (part == 0 ? dweight : space + (part - 1) * weights) : nullptr;
      if (dx) for (int64_t i = from * image; i < to * image; ++i) dx[i] = 0;
      bool first = true;
      forColumns(s, from, to, [&](const ConvColumns& q) {
        columns(q, dw, first);
        first = false;
      });
      if (first && dw) for (int64_t i = 0; i < weights; ++i) dw[i] = 0;
    });
    if (dweight && parts > 1) parallelFor(weights, 65536, [&](int64_t from, int64_t to) {
      for (int part = 1; part < parts; ++part) {
        const float* in = space + (part - 1) * weights;
        for (int64_t i = from; i < to; ++i) dweight[i] += in[i];
      }
    });
  }
};

}  // namespace

// dx?, dweight?, dbias?, space (as convSpace says), dy, x, weight, shape
D2L_OP(convGrad) {
  Args a;
  ConvBackward b;
  b.dx = a.optional();
  b.dweight = a.optional();
  b.dbias = a.optional();
  b.space = a.ptr();
  b.dy = a.ptr();
  b.x = a.ptr();
  b.weight = a.ptr();
  b.s.read(a);
  b.run();
}

}  // namespace d2l
