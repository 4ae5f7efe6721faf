// The packed, register-blocked sgemm: blocking and the split over threads.
#include "gemm.h"

#include "gemmMicro.h"
#include "gemmPack.h"
#include "gemmThin.h"
#include "math.h"

namespace d2l {
namespace {

constexpr int64_t kBlockK = 512;                     // a panel of B (kBlockK x kTileCols) lives in L1 or just beyond: C is stored less often
constexpr int64_t kBlockM = (144 / kTileRows) * kTileRows;  // a block of A (kBlockM x kBlockK) lives in L2
constexpr int64_t kWorkA = kBlockM * kBlockK;

D2L_INLINE int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }
D2L_INLINE int64_t lesser(int64_t a, int64_t b) { return a < b ? a : b; }
D2L_INLINE int64_t greater(int64_t a, int64_t b) { return a > b ? a : b; }

// The first row of tile t when m rows are cut in `tiles` nearly equal tiles.
D2L_INLINE int64_t tileStart(int64_t m, int64_t tiles, int64_t t) { return m * t / tiles; }

// Adds the bias, unless it `isBiased` already, and applies the activation.
void finishTile(const Gemm& g, float* const* rows, int mr, int64_t row, int64_t col, int64_t cols, bool isBiased = false) {
  for (int i = 0; i < mr; ++i) {
    float* c = rows[i];
    if (g.bias && !isBiased) {
      const float* bias = g.bias + col;
      int64_t j = 0;
      for (; j + kVec <= cols; j += kVec) store(c + j, load(c + j) + load(bias + j));
      for (; j < cols; ++j) c[j] += bias[j];
    }
    if (g.activation != kLinear) {
      if (g.pre) __builtin_memcpy(g.pre + (row + i) * g.ldc + col, c, (size_t)cols * 4);
      applyActivation(g.activation, c, cols);
    }
  }
}

struct Block {
  int64_t m0, m1;      // tiles of rows [m0, m1)
  int64_t n0, n1;      // panels of columns [n0, n1)
  int64_t k0, kc;
  const float* panels; // panel n0's k0-th row
  int64_t panelStride, stepB;
  bool directB;        // panels is op(B) itself, stepB its row stride
  float* work;         // kWorkA floats
};

// Packs `count` tiles of a transposed A: each stored row is read once, in order, and dealt out to the tiles.
void packTransposedTiles(const Block& x, const Gemm& g, int64_t count, const int64_t* starts) {
  constexpr int64_t kMost = kBlockM / kTileRows + 1;
  float* dst[kMost];
  int64_t at[kMost], width[kMost];
  const int64_t base = starts[0];
  int64_t narrowest = kTileRows;
  for (int64_t t = 0; t < count; ++t) {
    at[t] = starts[t] - base;
    width[t] = starts[t + 1] - starts[t];
    narrowest = lesser(narrowest, width[t]);
    dst[t] = x.work + at[t] * x.kc;
  }
  // Whole vectors are copied: what spills over belongs to the tile's next rows, which are written later, and what is
  // read too much belongs to the matrix' next row. The last rows are copied exactly.
  const int64_t whole = g.a.rows ? 0 : x.kc - ceilDiv(kVec, narrowest);
  int64_t k = 0;
  for (; k < whole; ++k) {
    const float* source = g.a.row(x.k0 + k) + base;
    for (int64_t t = 0; t < count; ++t) {
      store(dst[t], load(source + at[t]));
      dst[t] += width[t];
    }
  }
  for (; k < x.kc; ++k) {
    const float* source = g.a.row(x.k0 + k) + base;
    for (int64_t t = 0; t < count; ++t)
      for (int64_t i = 0; i < width[t]; ++i) *dst[t]++ = source[at[t] + i];
  }
}

// All tiles of a block.
void runBlock(const Gemm& g, const Block& x, int64_t tiles) {
  const bool first = x.k0 == 0, last = x.k0 + x.kc == g.k;
  const bool finish = last && (g.bias || g.activation != kLinear);
  // Packing A pays only when it is read for several panels. A transposed A with short rows is nearly packed as it lies.
  const bool inPlace = g.a.transposed && !g.a.rows && g.a.stride <= 256 && (x.n1 - x.n0) <= 4;
  const bool direct = !g.a.transposed && ((x.n1 - x.n0) <= (D2L_VEC == 4 ? 1 : 3) || (D2L_VEC > 4 && x.kc <= 64));
  constexpr int64_t perPass = kBlockM / kTileRows;
  int64_t starts[perPass + 1];
  alignas(64) float edge[kTileRows * kTileCols];
  float* edgeRows[kTileRows];
  for (int i = 0; i < kTileRows; ++i) edgeRows[i] = edge + i * kTileCols;

  for (int64_t t0 = x.m0; t0 < x.m1; t0 += perPass) {
    const int64_t t1 = lesser(t0 + perPass, x.m1);
    for (int64_t t = t0; t <= t1; ++t) starts[t - t0] = tileStart(g.m, tiles, t);
    if (!direct && !inPlace) {
      if (g.a.transposed) {
        packTransposedTiles(x, g, t1 - t0, starts);
      } else {
        for (int64_t t = 0; t < t1 - t0; ++t) {
          const int64_t row = starts[t];
          const int mr = (int)(starts[t + 1] - row);
          const float* rows[kTileRows];
          for (int i = 0; i < mr; ++i) rows[i] = g.a.row(row + i) + x.k0;
          packTransposed(x.work + (row - starts[0]) * x.kc, mr, rows, mr, x.kc);
        }
      }
    }
    for (int64_t p = x.n0; p < x.n1; ++p) {
      const int64_t col = p * kTileCols, cols = lesser(kTileCols, g.n - col);
      const bool half = cols <= kVec;
      const bool whole = cols == kTileCols || cols == kVec;
      const float beta = first ? g.beta : 1.0f;
      Tile tile;
      tile.k = x.kc;
      tile.b = x.directB ? x.panels + (p - x.n0) * kTileCols : x.panels + (p - x.n0) * x.panelStride;
      tile.stepB = x.stepB;
      tile.alpha = g.alpha;
      tile.beta = whole ? beta : 0.0f;
      // In the registers where nothing else is to be added to the sum.
      const bool fused = whole && finish && beta == 0, fusedRelu = fused && g.activation == kRelu && !g.pre;
      tile.bias = fused && g.bias ? g.bias + col : nullptr;
      tile.relu = fusedRelu;
      const bool isFinished = !finish || (fused && (g.activation == kLinear || fusedRelu));
      for (int64_t t = 0; t < t1 - t0; ++t) {
        const int64_t row = starts[t];
        const int mr = (int)(starts[t + 1] - row);
        float* cRows[kTileRows];
        for (int i = 0; i < mr; ++i) cRows[i] = (g.cRows ? g.cRows[row + i] : g.c + (row + i) * g.ldc) + col;
        const float* aRows[kTileRows];
        if (direct) {
          for (int i = 0; i < mr; ++i) aRows[i] = g.a.row(row + i) + x.k0;
          tile.rows = aRows;
        } else if (inPlace) {
          tile.a = g.a.row(x.k0) + row;
          tile.stepA = g.a.stride;
        } else {
          tile.a = x.work + (row - starts[0]) * x.kc;
          tile.stepA = mr;
        }
        tile.c = whole ? cRows : edgeRows;
        const Micro micro = half ? pickMicro<1>(mr, !direct) : pickMicro<2>(mr, !direct);
        micro(tile);
        if (!whole)
          for (int i = 0; i < mr; ++i)
            for (int64_t j = 0; j < cols; ++j)
              cRows[i][j] = beta == 0 ? edgeRows[i][j] : edgeRows[i][j] + beta * cRows[i][j];
        if (!isFinished) finishTile(g, cRows, mr, row, col, cols, fused);
      }
    }
  }
}

// k = 0, or nothing to add: C = activation(beta C + bias).
void emptySum(const Gemm& g) {
  for (int64_t i = 0; i < g.m; ++i) {
    float* c = g.cRows ? g.cRows[i] : g.c + i * g.ldc;
    for (int64_t j = 0; j < g.n; ++j) c[j] = g.beta == 0 ? 0 : g.beta * c[j];
    finishTile(g, &c, 1, i, 0, g.n);
  }
}

// Whether op(B) can be read in place: its rows are contiguous, and used too seldom to be worth packing or short.
D2L_INLINE bool readsInPlace(const Gemm& g, int64_t tiles) {
  const bool isWhole = g.n % kTileCols == 0 || g.n % kTileCols == kVec;
  return isWhole && !g.packed && !g.b.transposed && !g.b.rows && (tiles <= 1 || g.b.stride <= 128);
}

D2L_INLINE bool isThin(const Gemm& g) {
  return g.m > 0 && g.m <= kThinRows && g.b.transposed && !g.b.rows && !g.packed && !g.a.transposed && g.k > 0;
}

// Columns [from, to) of a thin product.
void runThin(const Gemm& g, int64_t from, int64_t to) {
  const float* a[kThinRows];
  float* c[kThinRows];
  for (int64_t i = 0; i < g.m; ++i) {
    a[i] = g.a.row(i);
    c[i] = g.cRows ? g.cRows[i] : g.c + i * g.ldc;
  }
  const auto columns = [&](auto* b) { thinColumns(g.m, a, b, g.b.stride, g.k, g.alpha, g.beta, c, from, to); };
  switch (g.b.half) {
    case kFloat16: columns((const Float16*)g.b.data); break;
    case kBfloat16: columns((const Bfloat16*)g.b.data); break;
    default: columns(g.b.data);
  }
  for (int64_t i = 0; i < g.m; ++i) {
    float* row = c[i] + from;
    finishTile(g, &row, 1, i, from, to - from);
  }
}

void runSerial(const Gemm& g, float* work, int64_t workFloats) {
  if (g.m <= 0 || g.n <= 0) return;
  if (g.k <= 0) return emptySum(g);
  if (isThin(g)) return runThin(g, 0, g.n);
  const int64_t tiles = ceilDiv(g.m, kTileRows), panels = panelCount(g.n);
  const int64_t blocksK = ceilDiv(g.k, kBlockK);
  const int64_t maxPanels = greater(1, (workFloats - kWorkA) / (kBlockK * kTileCols));
  float* packedB = work + kWorkA;
  const bool inPlace = readsInPlace(g, tiles);
  for (int64_t p0 = 0; p0 < panels; p0 += maxPanels) {
    const int64_t p1 = lesser(p0 + maxPanels, panels);
    for (int64_t kb = 0; kb < blocksK; ++kb) {
      const int64_t k0 = g.k * kb / blocksK, kc = g.k * (kb + 1) / blocksK - k0;
      Block x{0, tiles, p0, p1, k0, kc, packedB, kc * kTileCols, kTileCols, false, work};
      if (g.packed) {
        x.panels = g.packed + (p0 * g.k + k0) * kTileCols;
        x.panelStride = g.k * kTileCols;
      } else if (inPlace) {
        x.panels = g.b.data + k0 * g.b.stride + p0 * kTileCols;
        x.stepB = g.b.stride;
        x.directB = true;
      } else {
        for (int64_t p = p0; p < p1; ++p)
          packPanel(packedB + (p - p0) * kc * kTileCols, g.b, k0, kc, p * kTileCols, lesser(kTileCols, g.n - p * kTileCols));
      }
      runBlock(g, x, tiles);
    }
  }
}

constexpr int64_t kSerialWork = 400000;  // multiply-adds below which one thread is faster

}  // namespace

void gemmSerial(const Gemm& g, float* work) { runSerial(g, work, kGemmWork); }

void gemm(const Gemm& g) {
  if (isThin(g))  // bound by memory, so worth a second thread sooner
    return parallelFor(g.n, greater(1, kSerialWork / 2 / (g.m * g.k)), [&](int64_t from, int64_t to) { runThin(g, from, to); });
  if (threadCount <= 1 || g.m * g.n * g.k < kSerialWork) return runSerial(g, scratch(), kScratchFloats);
  const int64_t tiles = ceilDiv(g.m, kTileRows), panels = panelCount(g.n);
  const int64_t blocksK = ceilDiv(g.k, kBlockK);
  const int64_t maxPanels = (kScratchFloats - kWorkA) / (kBlockK * kTileCols);
  float* shared = scratch() + kWorkA;
  const bool inPlace = readsInPlace(g, tiles);
  for (int64_t p0 = 0; p0 < panels; p0 += maxPanels) {
    const int64_t p1 = lesser(p0 + maxPanels, panels), count = p1 - p0;
    // The grid of parts: rows first (each part packs its own rows of A), then columns.
    const int64_t wanted = threadCount;
    int64_t gridM = lesser(wanted, tiles), gridN = 1;
    if (tiles < 4 * wanted && count > tiles) { gridN = lesser(wanted, count); gridM = 1; }
    else if (gridM < wanted) gridN = lesser(count, ceilDiv(wanted, gridM));
    if (gridM > 1) gridM = greater(gridM, lesser(tiles, ceilDiv(ceilDiv(g.m, kBlockM), wanted) * wanted));
    for (int64_t kb = 0; kb < blocksK; ++kb) {
      const int64_t k0 = g.k * kb / blocksK, kc = g.k * (kb + 1) / blocksK - k0;
      if (!g.packed && !inPlace) {
        parallelFor(count, greater(1, 8192 / (kc * kTileCols)), [&](int64_t from, int64_t to) {
          for (int64_t p = from; p < to; ++p)
            packPanel(shared + p * kc * kTileCols, g.b, k0, kc, (p0 + p) * kTileCols, lesser(kTileCols, g.n - (p0 + p) * kTileCols));
        });
      }
      parallel((int)(gridM * gridN), [&](int part) {
        const int64_t i = part % gridM, j = part / gridM;
        const int64_t from = count * j / gridN, to = count * (j + 1) / gridN;
        Block x{tiles * i / gridM, tiles * (i + 1) / gridM, p0 + from, p0 + to, k0, kc,
                shared + from * kc * kTileCols, kc * kTileCols, kTileCols, false, scratch()};
        if (g.packed) {
          x.panels = g.packed + ((p0 + from) * g.k + k0) * kTileCols;
          x.panelStride = g.k * kTileCols;
        } else if (inPlace) {
          x.panels = g.b.data + k0 * g.b.stride + (p0 + from) * kTileCols;
          x.stepB = g.b.stride;
          x.directB = true;
        }
        runBlock(g, x, tiles);
      });
    }
  }
}

void batchedGemm(const BatchedGemm& x) {
  auto one = [&](int64_t i) {
    Gemm g;
    g.m = x.m; g.n = x.n; g.k = x.k;
    g.a = matrix(x.a + (x.indexA ? x.indexA[i] : i) * x.stepA, x.transposeA ? x.m : x.k, x.transposeA);
    g.b = matrix(x.b + (x.indexB ? x.indexB[i] : i) * x.stepB, x.transposeB ? x.k : x.n, x.transposeB);
    g.c = x.c + i * x.stepC;
    g.ldc = x.n;
    g.alpha = x.alpha;
    g.beta = x.beta;
    g.bias = x.bias;
    g.activation = x.activation;
    return g;
  };
  const int64_t each = x.m * x.n * x.k;
  // One big product a batch entry: let each use all threads.
  if (x.batch < threadCount || (x.batch < 2 * threadCount && each > (1 << 24))) {
    for (int64_t i = 0; i < x.batch; ++i) gemm(one(i));
    return;
  }
  parallelFor(x.batch, greater(1, kSerialWork / 2 / greater(1, each)), [&](int64_t from, int64_t to) {
    float* work = scratch();
    for (int64_t i = from; i < to; ++i) runSerial(one(i), work, kScratchFloats);
  });
}

void packPanelRange(float* dst, const Matrix& b, int64_t k, int64_t n, int64_t from, int64_t to) {
  for (int64_t p = from; p < to; ++p)
    packPanel(dst + p * k * kTileCols, b, 0, k, p * kTileCols, lesser(kTileCols, n - p * kTileCols));
}

void packPanels(float* dst, const Matrix& b, int64_t k, int64_t n) {
  parallelFor(panelCount(n), greater(1, 16384 / greater(1, k * kTileCols)),
              [&](int64_t from, int64_t to) { packPanelRange(dst, b, k, n, from, to); });
}

void tileMultiply(int mr, int64_t k, const float* const* a, const float* panel, float* out, int64_t ldo, bool accumulate) {
  float* rows[kTileRows];
  for (int i = 0; i < mr; ++i) rows[i] = out + i * ldo;
  pickMicro<2>(mr, false)(Tile{k, nullptr, 0, a, panel, kTileCols, rows, 1, accumulate ? 1.0f : 0.0f, nullptr, false});
}

void tileMultiplyPacked(int mr, int64_t k, const float* a, const float* panel, float* out, int64_t ldo, bool accumulate) {
  float* rows[kTileRows];
  for (int i = 0; i < mr; ++i) rows[i] = out + i * ldo;
  pickMicro<2>(mr, true)(Tile{k, a, mr, nullptr, panel, kTileCols, rows, 1, accumulate ? 1.0f : 0.0f, nullptr, false});
}

void dotProducts(int64_t m, const float* const* a, int64_t k, const float* b, int64_t stride, int64_t n, float* const* out) {
  thinColumns(m, a, b, stride, k, 1, 0, out, 0, n);
}

void packRows(float* dst, const float* const* rows, int mr, int64_t k) { packTransposed(dst, mr, rows, mr, k); }

template <class F>
static D2L_INLINE void mapInPlace(float* x, int64_t n, F f) {
  int64_t i = 0;
  for (; i + kVec <= n; i += kVec) store(x + i, f(load(x + i)));
  if (i < n) storePart(x + i, f(loadPart(x + i, n - i)), n - i);
}

void applyActivation(int activation, float* x, int64_t n) {
  switch (activation) {
    case kRelu: return mapInPlace(x, n, [](vf v) { return vmax(v, splat(0)); });
    case kGelu: return mapInPlace(x, n, [](vf v) { return vgelu(v); });
    case kTanh: return mapInPlace(x, n, [](vf v) { return vtanh(v); });
    case kSigmoid: return mapInPlace(x, n, [](vf v) { return vsigmoid(v); });
    case kSilu: return mapInPlace(x, n, [](vf v) { return vsilu(v); });
    default: return;
  }
}

void columnSums(float* out, const float* x, int64_t rows, int64_t cols, int64_t stride, bool accumulate) {
  // Whole rows of a few hundred columns are read in order, four at a time, into sums that stay in the first-level cache.
  constexpr int64_t kColumns = 1024;
  parallelFor(cols, greater(kVec, 262144 / greater(1, rows)), [&](int64_t from, int64_t to) {
    for (int64_t begin = from; begin < to; begin += kColumns) {
      const int64_t end = lesser(begin + kColumns, to);
      if (!accumulate)
        for (int64_t j = begin; j < end; ++j) out[j] = 0;
      int64_t r = 0;
      for (; r + 4 <= rows; r += 4) {
        const float *a = x + r * stride, *b = a + stride, *c = b + stride, *d = c + stride;
        int64_t j = begin;
        for (; j + kVec <= end; j += kVec)
          store(out + j, load(out + j) + ((load(a + j) + load(b + j)) + (load(c + j) + load(d + j))));
        for (; j < end; ++j) out[j] += (a[j] + b[j]) + (c[j] + d[j]);
      }
      for (; r < rows; ++r)
        for (int64_t j = begin; j < end; ++j) out[j] += x[r * stride + j];
    }
  });
}

}  // namespace d2l
