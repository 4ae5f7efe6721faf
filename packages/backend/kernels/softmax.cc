// Softmax over rows with valid lengths, and its gradient; also plain softmax and log-softmax rows.
#include "abi.h"
#include "math.h"
#include "softmax.h"

namespace d2l {

// y, x, validLens?, perQuery, batch, queries, keys
D2L_OP(maskedSoftmax) {
  Args a;
  float* y = a.ptr();
  const float* x = a.ptr();
  const int32_t* lens = a.optionalInts();
  const int32_t perQuery = a.i32();
  const int64_t batch = (uint32_t)a.i32(), queries = a.i32(), keys = a.i32();
  parallelFor(batch * queries, 1 + 16384 / (keys + 1), [&](int64_t from, int64_t to) {
    for (int64_t r = from; r < to; ++r) {
      int64_t n = keys;
      if (lens) {
        n = lens[perQuery ? r : r / queries];
        n = n < 0 ? 0 : n > keys ? keys : n;
      }
      softmaxRow(y + r * keys, x + r * keys, n);
      for (int64_t i = n; i < keys; ++i) y[r * keys + i] = 0;
    }
  });
}

// dx, dy, y, rows, n
D2L_OP(softmaxGrad) {
  Args a;
  float* dx = a.ptr();
  const float* dy = a.ptr();
  const float* y = a.ptr();
  const int64_t rows = (uint32_t)a.i32(), n = a.i32();
  parallelFor(rows, 1 + 32768 / (n + 1), [&](int64_t from, int64_t to) {
    for (int64_t r = from; r < to; ++r) {
      const float *yr = y + r * n, *dyr = dy + r * n;
      const float dot = rowDot(yr, dyr, n);
      for (int64_t i = 0; i < n; ++i) dx[r * n + i] = yr[i] * (dyr[i] - dot);
    }
  });
}

}  // namespace d2l
