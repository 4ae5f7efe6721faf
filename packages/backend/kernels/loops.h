// What the ordinary kernels share: odometers over strided dimensions, loop hints, grain sizes.
#pragma once
#include "abi.h"

// The loop's iterations are independent even when its pointers may be equal.
#if defined(__clang__)
#define D2L_IVDEP _Pragma("clang loop vectorize(assume_safety)")
#else
#define D2L_IVDEP _Pragma("GCC ivdep")
#endif

namespace d2l {

constexpr int kMaxRank = 12;
constexpr int64_t kGrain = 1 << 15;  // elements that a thread should have at least

// Element types as argument words.
enum Type { kFloat = 0, kInt = 1 };

// Outer dimensions of a strided walk: the odometer that turns a flat index into an offset for each operand.
struct Dims {
  int rank = 0;
  int64_t size[kMaxRank];
  void read(Args& a, int n) {
    rank = n;
    for (int i = 0; i < n; ++i) size[i] = a.i32();
  }
  int64_t count(int upTo) const {
    int64_t n = 1;
    for (int i = 0; i < upTo; ++i) n *= size[i];
    return n;
  }
};
struct Strides {
  int64_t stride[kMaxRank];
  void read(Args& a, int n) {
    for (int i = 0; i < n; ++i) stride[i] = a.i32();
  }
  // The offset of flat index `index` over the first `upTo` dimensions.
  int64_t offset(const Dims& d, int upTo, int64_t index) const {
    int64_t at = 0;
    for (int i = upTo - 1; i >= 0; --i) {
      at += index % d.size[i] * stride[i];
      index /= d.size[i];
    }
    return at;
  }
};

}  // namespace d2l
