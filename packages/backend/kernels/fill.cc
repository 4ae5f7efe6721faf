// fill: every word of a tensor gets the same bit pattern.
#include "abi.h"

namespace d2l {

D2L_OP(fill) {
  Args a;
  int32_t* y = a.ints();
  const int64_t n = a.i32();
  const int32_t value = a.i32();
  parallelFor(n, 1 << 17, [&](int64_t from, int64_t to) {
    for (int64_t i = from; i < to; ++i) y[i] = value;
  });
}

}  // namespace d2l
