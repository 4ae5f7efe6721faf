// Moving words about: strided copies (transpose, slice, concat, pad, tile, reverse), gather, scatter-add, one-hot.
#include "loops.h"

namespace d2l {

namespace {

// One row or column block of a copy whose operands both have strides.
void copyRow(int32_t* y, int64_t stepY, const int32_t* x, int64_t stepX, int64_t n) {
  if (stepY == 1 && stepX == 1) {
    if (n >= 16) { __builtin_memcpy(y, x, (size_t)n * 4); return; }
    for (int64_t i = 0; i < n; ++i) y[i] = x[i];
  } else if (stepY == 1 && stepX == 0) {
    const int32_t v = *x;
    for (int64_t i = 0; i < n; ++i) y[i] = v;
  } else {
    for (int64_t i = 0; i < n; ++i) y[i * stepY] = x[i * stepX];
  }
}

// y[i][j] = x[j][i] for an m x n block of y, tile by tile through a small buffer: rows a power of two apart would
// otherwise push each other out of the cache.
void transposeBlock(int32_t* y, int64_t stepY, const int32_t* x, int64_t stepX, int64_t m, int64_t n) {
  constexpr int64_t tile = 16;
  int32_t buffer[tile * (tile + 1)];
  for (int64_t j0 = 0; j0 < n; j0 += tile) {
    const int64_t wide = j0 + tile < n ? tile : n - j0;
    for (int64_t i0 = 0; i0 < m; i0 += tile) {
      const int64_t high = i0 + tile < m ? tile : m - i0;
      for (int64_t j = 0; j < wide; ++j)
        for (int64_t i = 0; i < high; ++i) buffer[j * (tile + 1) + i] = x[(j0 + j) * stepX + i0 + i];
      for (int64_t i = 0; i < high; ++i)
        for (int64_t j = 0; j < wide; ++j) y[(i0 + i) * stepY + j0 + j] = buffer[j * (tile + 1) + i];
    }
  }
}

}  // namespace

// y, offset in y, x, offset in x, rank, dims, strides of y, strides of x
D2L_OP(copy) {
  Args a;
  int32_t* y = a.ints();
  y += a.i32();
  const int32_t* x = a.ints();
  x += a.i32();
  const int rank = a.i32();
  Dims d;
  Strides sy, sx;
  d.read(a, rank);
  sy.read(a, rank);
  sx.read(a, rank);
  const int last = rank - 1;
  const int64_t n = d.size[last];
  if (rank >= 2 && sy.stride[last] == 1 && sx.stride[last] > 1 && sx.stride[last - 1] == 1 && sy.stride[last - 1] > 0) {
    const int64_t m = d.size[last - 1], blocks = d.count(last - 1);
    if (blocks == 1) {
      parallelFor(m, kGrain / (n + 1) + 1, [&](int64_t from, int64_t to) {
        transposeBlock(y + from * sy.stride[last - 1], sy.stride[last - 1], x + from, sx.stride[last], to - from, n);
      });
      return;
    }
    parallelFor(blocks, kGrain / (m * n + 1) + 1, [&](int64_t from, int64_t to) {
      for (int64_t b = from; b < to; ++b)
        transposeBlock(y + sy.offset(d, last - 1, b), sy.stride[last - 1], x + sx.offset(d, last - 1, b), sx.stride[last], m, n);
    });
    return;
  }
  const int64_t rows = d.count(last);
  if (rows == 1) {
    parallelFor(n, kGrain, [&](int64_t from, int64_t to) {
      copyRow(y + from * sy.stride[last], sy.stride[last], x + from * sx.stride[last], sx.stride[last], to - from);
    });
    return;
  }
  parallelFor(rows, kGrain / (n + 1) + 1, [&](int64_t from, int64_t to) {
    for (int64_t r = from; r < to; ++r) copyRow(y + sy.offset(d, last, r), sy.stride[last], x + sx.offset(d, last, r), sx.stride[last], n);
  });
}

// y, x, indices, batch, outer, axis size, indices a batch, inner: y[b][o][i] = x[b][o][indices[b][i]]
D2L_OP(gather) {
  Args a;
  int32_t* y = a.ints();
  const int32_t *x = a.ints(), *indices = a.ints();
  const int64_t batch = a.i32(), outer = a.i32(), axis = a.i32(), count = a.i32(), inner = a.i32();
  parallelFor(batch * outer * count, kGrain / (inner + 1) + 1, [&](int64_t from, int64_t to) {
    for (int64_t r = from; r < to; ++r) {
      const int64_t bo = r / count, i = r % count;
      const int64_t index = indices[bo / outer * count + i];
      copyRow(y + r * inner, 1, x + (bo * axis + index) * inner, 1, inner);
    }
  });
}

// y, x, ids, count, inner, segments: y[id] += x[row]; ids outside [0, segments) are left out
D2L_OP(segmentSum) {
  Args a;
  float* y = a.ptr();
  const float* x = a.ptr();
  const int32_t* ids = a.ints();
  const int64_t count = a.i32(), inner = a.i32(), segments = a.i32();
  parallelFor(inner, count > 0 ? kGrain / count + 1 : inner, [&](int64_t from, int64_t to) {
    for (int64_t s = 0; s < segments; ++s)
      for (int64_t i = from; i < to; ++i) y[s * inner + i] = 0;
    for (int64_t r = 0; r < count; ++r) {
      if (ids[r] < 0 || ids[r] >= segments) continue;
      float* out = y + ids[r] * inner;
      const float* in = x + r * inner;
      D2L_IVDEP
      for (int64_t i = from; i < to; ++i) out[i] += in[i];
    }
  });
}

// y, indices, count, depth, on, off (bit patterns)
D2L_OP(oneHot) {
  Args a;
  int32_t* y = a.ints();
  const int32_t* indices = a.ints();
  const int64_t count = a.i32(), depth = a.i32();
  const int32_t on = a.i32(), off = a.i32();
  parallelFor(count, kGrain / (depth + 1) + 1, [&](int64_t from, int64_t to) {
    for (int64_t r = from; r < to; ++r) {
      for (int64_t i = 0; i < depth; ++i) y[r * depth + i] = off;
      if (indices[r] >= 0 && indices[r] < depth) y[r * depth + indices[r]] = on;
    }
  });
}

}  // namespace d2l
