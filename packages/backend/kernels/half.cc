// Between floats and numbers of 16 bits: how weights come to be kept in half their size, and become floats again.
#include "half.h"
#include "abi.h"

namespace d2l {
namespace {

template <class Half>
void widenAll(float* to, const Half* from, int64_t n) {
  parallelFor(n, 1 << 16, [&](int64_t begin, int64_t end) {
    int64_t i = begin;
    for (; i + kVec <= end; i += kVec) store(to + i, load(from + i));
    for (; i < end; ++i) to[i] = value(from[i]);
  });
}

}  // namespace

// halves, floats, count, kind
D2L_OP(narrow) {
  Args a;
  uint16_t* to = (uint16_t*)a.ptr();
  const float* from = a.ptr();
  const int64_t n = (uint32_t)a.i32();
  const bool isBfloat16 = a.i32() == kBfloat16;
  parallelFor(n, 1 << 14, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) to[i] = isBfloat16 ? narrowBfloat16(from[i]) : narrowFloat16(from[i]);
  });
}

// floats, halves, count, kind
D2L_OP(widen) {
  Args a;
  float* to = a.ptr();
  const float* from = a.ptr();
  const int64_t n = (uint32_t)a.i32();
  if (a.i32() == kBfloat16) widenAll(to, (const Bfloat16*)from, n);
  else widenAll(to, (const Float16*)from, n);
}

}  // namespace d2l
