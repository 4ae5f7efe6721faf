// Embedding look-up, and its gradient: a scatter-add that writes every row of the table exactly once.
#include "abi.h"
#include "half.h"

namespace d2l {
namespace {

template <class W>
void lookUp(float* y, const int32_t* ids, const W* weight, int64_t n, int64_t dim, float scale) {
  parallelFor(n, 1 + 65536 / (dim + 1), [&](int64_t from, int64_t to) {
    for (int64_t r = from; r < to; ++r) {
      const W* w = weight + ids[r] * dim;
      float* out = y + r * dim;
      for (int64_t c = 0; c < dim; ++c) out[c] = value(w[c]) * scale;
    }
  });
}

}  // namespace

// y, ids, weight, n, dim, scale, the weight's HalfKind
D2L_OP(embedding) {
  Args a;
  float* y = a.ptr();
  const int32_t* ids = a.ints();
  const float* weight = a.ptr();
  const int64_t n = (uint32_t)a.i32(), dim = a.i32();
  const float scale = a.f32();
  switch (a.i32()) {
    case kFloat16: return lookUp(y, ids, (const Float16*)weight, n, dim, scale);
    case kBfloat16: return lookUp(y, ids, (const Bfloat16*)weight, n, dim, scale);
    default: return lookUp(y, ids, weight, n, dim, scale);
  }
}

// dweight, dy, ids, links (count + n ints), n, count, dim, scale, paddingIdx
D2L_OP(embeddingGrad) {
  Args a;
  float* dweight = a.ptr();
  const float* dy = a.ptr();
  const int32_t* ids = a.ints();
  int32_t* first = a.ints();
  const int64_t n = (uint32_t)a.i32(), count = a.i32(), dim = a.i32();
  const float scale = a.f32();
  const int32_t padding = a.i32();
  int32_t* next = first + count;  // occurrences of an id, linked in ascending order
  for (int64_t v = 0; v < count; ++v) first[v] = -1;
  for (int64_t r = n - 1; r >= 0; --r) {
    const int32_t id = ids[r];
    if (id == padding) continue;
    next[r] = first[id];
    first[id] = (int32_t)r;
  }
  // Threads share by columns: every word costs them the same, however often it occurs.
  const int64_t block = 16, blocks = (dim + block - 1) / block;
  const int64_t grain = 1 + (int64_t)(1 << 17) / ((count + n) * block + 1);
  parallelFor(blocks, grain, [&](int64_t fromBlock, int64_t toBlock) {
    const int64_t from = fromBlock * block, to = toBlock * block < dim ? toBlock * block : dim, width = to - from;
    for (int64_t v = 0; v < count; ++v) {
      float* out = dweight + v * dim + from;
      int32_t r = first[v];
      if (r < 0) {
        for (int64_t c = 0; c < width; ++c) out[c] = 0;
        continue;
      }
      const float* in = dy + r * dim + from;
      for (int64_t c = 0; c < width; ++c) out[c] = in[c] * scale;
      while ((r = next[r]) >= 0) {
        in = dy + r * dim + from;
        for (int64_t c = 0; c < width; ++c) out[c] += in[c] * scale;
      }
    }
  });
}

}  // namespace d2l
