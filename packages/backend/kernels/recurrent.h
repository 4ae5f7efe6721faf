// What the forward and backward pass of a recurrent layer share: sizes, the order of rows, memory layout.
//
// Rows of the batch are sorted by length (longest first), so at step s the rows still running are a prefix.
// Internal buffers hold only the valid (step, row) pairs, step by step: pair (s, p) is row offset[s] + p.
#pragma once
#include "gemm.h"

namespace d2l {

enum Cell { kRnnTanh = 0, kRnnRelu = 1, kGru = 2, kLstm = 3 };

// Hands out pieces of one block, 64-byte aligned; with a null base it only counts.
struct Bump {
  float* base;
  int64_t used = 0;
  float* take(int64_t floats) {
    float* p = base ? base + used : nullptr;
    used += (floats + 15) & ~(int64_t)15;
    return p;
  }
  int32_t* ints(int64_t n) { return (int32_t*)take(n); }
  template <class T>
  T* pointers(int64_t n) { return (T*)take(n * (int64_t)(sizeof(T) / 4)); }
};

inline int64_t padRow(int64_t n) { return ((n + 15) & ~(int64_t)15) + 16; }  // keeps rows out of one cache set

struct Recurrent {
  int cell;
  bool reverse;
  int64_t batch, steps, inputs, hidden;

  int64_t gates() const { return cell == kLstm ? 4 : cell == kGru ? 3 : 1; }
  // Saved for the backward pass, a row a pair: GRU r, z, n, W_hn h + b_hn; LSTM i, f, g, o, c; plain RNN nothing.
  int64_t savedStride() const { return cell == kLstm ? padRow(5 * hidden) : cell == kGru ? padRow(4 * hidden) : 0; }
  // Gradients of the gates before their activation: GRU n (hidden side), r, z, n (input side); LSTM i, f, g, o.
  int64_t gradStride() const { return padRow((cell == kRnnTanh || cell == kRnnRelu ? 1 : 4) * hidden); }
  int64_t stateStride() const { return padRow(hidden); }
  int64_t pairs() const { return batch * steps; }

  // Rows a part of the batch and its tiles.
  int parts() const {
    const int64_t work = batch * steps * hidden * hidden * gates();
    const int64_t p = work < 400000 ? 1 : batch < threadCount ? batch : threadCount;
    return p < 1 ? 1 : (int)p;
  }

  // Filled by plan():
  int32_t* order = nullptr;   // sorted place -> row of the batch
  int32_t* length = nullptr;  // by sorted place
  int64_t* offset = nullptr;  // [steps + 1]
  int64_t total = 0;          // valid pairs

  void takePlan(Bump& b) {
    order = b.ints(batch);
    length = b.ints(batch);
    offset = b.pointers<int64_t>(steps + 1);
  }
  void plan(const int32_t* lengths);

  // One-hot inputs: the product with W_ih is then a row of its transpose, and the gradient of W_ih a sum by input.
  // Worth it where the transpose is small beside the product; a call with few rows reads W_ih where it lies.
  int32_t* hot = nullptr;     // by pair: which input is 1, the others being 0
  float* byInput = nullptr;   // [inputs, gates x hidden]
  bool mayBeHot() const { return pairs() > 8 && inputs <= pairs(); }
  void takeHot(Bump& b) {
    hot = b.ints(mayBeHot() ? pairs() : 0);
    byInput = b.take(mayBeHot() ? inputs * gates() * hidden : 0);
  }
  // Fills `hot`, or makes it null where some row is not one-hot.
  void findHot(const float* x);
  int64_t active(int64_t s) const { return offset[s + 1] - offset[s]; }
  int64_t time(int64_t place, int64_t s) const { return reverse ? length[place] - 1 - s : s; }
  int64_t row(int64_t place, int64_t s) const { return order[place] * steps + time(place, s); }
};

// Rows `part`, `part + parts`, ... of the first n: how many.
inline int64_t shareOf(int64_t n, int part, int parts) { return n > part ? (n - part + parts - 1) / parts : 0; }

// Partial vectors at the end of a row: n is the number of floats left.
template <bool kWhole>
D2L_INLINE vf loadRow(const float* p, int64_t n) { return kWhole ? load(p) : loadPart(p, n); }
template <bool kWhole>
D2L_INLINE void storeRow(float* p, vf v, int64_t n) { if (kWhole) store(p, v); else storePart(p, v, n); }

// f(whole, index, count) for each vector of n floats; decltype(whole)::value says whether it is a full one.
struct Whole { static constexpr bool value = true; };
struct Partial { static constexpr bool value = false; };
template <class F>
D2L_INLINE void eachVector(int64_t n, F&& f) {
  int64_t i = 0;
  for (; i + kVec <= n; i += kVec) f(Whole{}, i, (int64_t)kVec);
  if (i < n) f(Partial{}, i, n - i);
}

}  // namespace d2l
