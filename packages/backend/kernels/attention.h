// Arguments of scaled dot-product attention that forward and backward share.
#pragma once
#include "abi.h"
#include "philox.h"
#include "simd.h"

namespace d2l {

// A [batch, time, heads, size] view: rows of one head lie `row` floats apart.
struct HeadView {
  float* base;
  int64_t row;
  void read(Args& a) {
    base = a.ptr();
    row = a.i32();
  }
  float* at(int64_t batch, int64_t head, int64_t time, int64_t size) const { return base + batch * time * row + head * size; }
};

struct AttentionShape {
  int64_t batch, heads, queries, keys, size;
  int64_t block;  // queries handled at once, so that their scores stay in the second-level cache
  float scale;
  bool causal, dropout;
  DropoutKey key;

  void read(Args& a) {
    batch = a.i32(); heads = a.i32(); queries = a.i32(); keys = a.i32(); size = a.i32();
    block = 24576 / (3 * padded() + 1) / 12 * 12;
    if (block < 12) block = 12;
    scale = a.f32();
    causal = a.i32() != 0;
    dropout = a.i32() != 0;
    key.k0 = (uint32_t)a.i32();
    key.k1 = (uint32_t)a.i32();
    key.threshold = a.i32();
    key.scale = a.f32();
  }

  int64_t padded() const { return (keys + kVec - 1) / kVec * kVec; }
  // Heads a thread should at least have: below about 4e5 multiply-adds a second thread costs more than it brings. A weight
  // costs as much as 24 of them.
  int64_t grain() const { return 1 + 200000 / (queries * keys * (size + 24) + 1); }

  // Calls run(batch, head, buffer, factors) for heads [from, to) of all batches. Where heads are small, the dropout factors
  // of some at once are made in one go; otherwise `factors` is null, and they are the callee's business.
  template <class Run>
  void forHeads(int64_t from, int64_t to, const Run& run) const {
    constexpr int64_t kSome = 2048;
    const int64_t each = queries * keys, group = dropout ? kSome / (each + 1) : 0;
    float *factors = scratch(), *buffer = factors + kSome;
    for (int64_t i = from; i < to;) {
      const int64_t end = group < 1 ? i + 1 : i + group < to ? i + group : to, first = i;
      if (group > 0) applyDropout(factors, nullptr, i * each, (end - i) * each, key);
      for (; i < end; ++i) run(i / heads, i % heads, buffer, group > 0 ? factors + (i - first) * each : nullptr);
    }
  }
};

// Packs the first `keys` rows of `size` floats as columns: out[c · ld + j] = in[j · row + c] · scale. From `keys` to ld
// there may be anything.
static inline void packColumns(float* out, int64_t ld, const float* in, int64_t row, int64_t keys, int64_t size, float scale) {
  typedef float Four __attribute__((vector_size(16)));
  const Four factor = {scale, scale, scale, scale};
  if (keys < 4) {
    for (int64_t j = 0; j < keys; ++j)
      for (int64_t c = 0; c < size; ++c) out[c * ld + j] = in[j * row + c] * scale;
    return;
  }
  for (int64_t next = 0; next < keys; next += 4) {
    const int64_t j = next + 4 <= keys ? next : keys - 4;  // the last rows may be met twice
    const float* from = in + j * row;
    int64_t c = 0;
    for (; c + 4 <= size; c += 4) {  // a transposed 4 by 4 block
      Four r[4];
      for (int i = 0; i < 4; ++i) __builtin_memcpy(&r[i], from + i * row + c, 16);
      const Four a = __builtin_shufflevector(r[0], r[1], 0, 4, 1, 5), b = __builtin_shufflevector(r[2], r[3], 0, 4, 1, 5);
      const Four d = __builtin_shufflevector(r[0], r[1], 2, 6, 3, 7), e = __builtin_shufflevector(r[2], r[3], 2, 6, 3, 7);
      const Four t[4] = {__builtin_shufflevector(a, b, 0, 1, 4, 5) * factor, __builtin_shufflevector(a, b, 2, 3, 6, 7) * factor,
                         __builtin_shufflevector(d, e, 0, 1, 4, 5) * factor, __builtin_shufflevector(d, e, 2, 3, 6, 7) * factor};
      for (int i = 0; i < 4; ++i) __builtin_memcpy(out + (c + i) * ld + j, &t[i], 16);
    }
    for (; c < size; ++c)
      for (int i = 0; i < 4; ++i) out[c * ld + j + i] = from[i * row + c] * scale;
  }
}

}  // namespace d2l
