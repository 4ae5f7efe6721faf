// Matrix multiplication: one packed, register-blocked single-precision gemm for everything that multiplies.
//
// Results depend on the sizes only (never on the thread count): the sum over k has one fixed order.
#pragma once
#include "abi.h"
#include "half.h"
#include "simd.h"

namespace d2l {

// The register tile: kTileRows x kTileCols of C stay in registers. A packed panel of B is kTileCols wide.
#if D2L_VEC == 16
constexpr int kTileRows = 12;
#elif D2L_VEC == 8
constexpr int kTileRows = 6;
#else
constexpr int kTileRows = 4;
#endif
constexpr int kTileCols = 2 * kVec;

// The words of contract.ts' Activation, in its order.
enum Activation { kLinear = 0, kRelu = 1, kGelu = 2, kTanh = 3, kSigmoid = 4, kSilu = 5 };

// A stored row-major matrix. `rows`, when given, holds a pointer to each stored row instead of data + r * stride.
struct Matrix {
  const float* data = nullptr;
  int64_t stride = 0;
  bool transposed = false;  // the operand is the transpose of what is stored
  const float* const* rows = nullptr;
  int half = kNoHalf;  // else data are numbers of 16 bits of this HalfKind; only for a transposed B without `rows`
  const float* row(int64_t r) const { return rows ? rows[r] : data + r * stride; }
};
inline Matrix matrix(const float* data, int64_t stride, bool transposed = false) { return Matrix{data, stride, transposed, nullptr, kNoHalf}; }
inline Matrix gathered(const float* const* rows, bool transposed = false) { return Matrix{nullptr, 0, transposed, rows, kNoHalf}; }

// C = activation(alpha * op(A) op(B) + beta * C + bias); op(A) is m x k, op(B) is k x n.
struct Gemm {
  int64_t m = 0, n = 0, k = 0;
  Matrix a, b;
  float* c = nullptr;
  int64_t ldc = 0;
  float* const* cRows = nullptr;     // rows of C, instead of c + i * ldc
  float alpha = 1, beta = 0;         // beta 0 never reads C
  const float* bias = nullptr;       // n floats, added to every row
  int activation = kLinear;
  float* pre = nullptr;              // if given, the values before the activation go there (row stride ldc)
  const float* packed = nullptr;     // op(B) packed by packPanels (then `b` is not read)
};

// Runs on all threads; must not be called inside parallel().
void gemm(const Gemm& g);

// Runs on the calling thread with `work` (kGemmWork floats) as packing space: for use inside parallel().
constexpr int64_t kGemmWork = 1 << 18;
void gemmSerial(const Gemm& g, float* work);

// `batch` products C[i] = alpha op(A[i]) op(B[i]) of contiguous matrices, over all threads. A step of 0 repeats
// one matrix for the whole batch.
struct BatchedGemm {
  int64_t batch = 0, m = 0, n = 0, k = 0;
  const float *a = nullptr, *b = nullptr;
  int64_t stepA = 0, stepB = 0, stepC = 0;  // floats from one matrix to the next
  bool transposeA = false, transposeB = false;
  float* c = nullptr;
  float alpha = 1, beta = 0;
  // If given, the place of batch i's matrices (in matrices, times step) for broadcast batch axes.
  const int32_t *indexA = nullptr, *indexB = nullptr;
  const float* bias = nullptr;
  int activation = kLinear;
};
void batchedGemm(const BatchedGemm& g);

// op(B) (k x n) as panels of kTileCols columns, [panel][k][kTileCols], the last padded with zeros.
inline int64_t panelCount(int64_t n) { return (n + kTileCols - 1) / kTileCols; }
inline int64_t packedFloats(int64_t k, int64_t n) { return panelCount(n) * kTileCols * k; }
void packPanels(float* dst, const Matrix& b, int64_t k, int64_t n);                                // over all threads
void packPanelRange(float* dst, const Matrix& b, int64_t k, int64_t n, int64_t from, int64_t to);  // calling thread

// One register tile: out[mr x kTileCols] (+)= A B with A's rows given by pointers and B a packed panel.
// mr <= kTileRows; rows beyond mr may be anything.
void tileMultiply(int mr, int64_t k, const float* const* a, const float* panel, float* out, int64_t ldo, bool accumulate);
// The same with A packed as [k][mr].
void tileMultiplyPacked(int mr, int64_t k, const float* a, const float* panel, float* out, int64_t ldo, bool accumulate);
// out[i][j] = a[i] · b[j] for m rows a and n rows b (`stride` floats apart), read where they lie.
void dotProducts(int64_t m, const float* const* a, int64_t k, const float* b, int64_t stride, int64_t n, float* const* out);
// dst[k][mr] = rows[i][k].
void packRows(float* dst, const float* const* rows, int mr, int64_t k);

// In place over n floats: bias (may be null), then the activation.
void applyActivation(int activation, float* x, int64_t n);

// out[j] (+)= sum over rows of x[r][j], over all threads, in a fixed order.
void columnSums(float* out, const float* x, int64_t rows, int64_t cols, int64_t stride, bool accumulate = false);

}  // namespace d2l
