// Optimizer steps in place over all parameters in one call, the norm of all gradients, and scaling in place.
#include "abi.h"
#include "simd.h"

namespace d2l {
namespace {

constexpr int64_t kGrain = 1 << 15;

// The words of one tensor in the argument list, and where its elements lie in the concatenation of all.
struct Walk {
  const int32_t* word;
  int words;  // words a tensor; the first is its size
  int count;
};

// f(words of the tensor, from, to) for the tensors' parts inside [from, to) of the concatenation.
template <class F>
void walk(const Walk& w, int64_t from, int64_t to, F&& f) {
  int64_t start = 0;
  for (int i = 0; i < w.count; ++i) {
    const int32_t* word = w.word + (int64_t)i * w.words;
    const int64_t size = (uint32_t)word[0], end = start + size;
    const int64_t a = from > start ? from : start, b = to < end ? to : end;
    if (a < b) f(word, a - start, b - start);
    start = end;
  }
}

int64_t totalSize(const Walk& w) {
  int64_t n = 0;
  for (int i = 0; i < w.count; ++i) n += (uint32_t)w.word[(int64_t)i * w.words];
  return n;
}

D2L_INLINE float* at(int32_t offset) { return offset == -1 ? nullptr : heapAt(offset); }
D2L_INLINE float real(int32_t word) {
  float v;
  __builtin_memcpy(&v, &word, 4);
  return v;
}

template <class F>
D2L_INLINE void update(int64_t from, int64_t to, F&& f) {
  int64_t i = from;
  for (; i + kVec <= to; i += kVec) f(i, (int64_t)kVec, [](const float* p, int64_t) { return load(p); }, [](float* p, vf v, int64_t) { store(p, v); });
  if (i < to) f(i, to - i, [](const float* p, int64_t n) { return loadPart(p, n); }, [](float* p, vf v, int64_t n) { storePart(p, v, n); });
}

}  // namespace

// count, momentum, 1 - dampening, nesterov, first; then a tensor: size, parameter, gradient, velocity?, lr, weight decay
D2L_OP(sgdStep) {
  Args a;
  const int count = a.i32();
  const float momentum = a.f32(), entering = a.f32();
  const bool nesterov = a.i32() != 0, first = a.i32() != 0;
  const Walk w{a.word, 6, count};
  parallelFor(totalSize(w), kGrain, [&](int64_t begin, int64_t end) {
    walk(w, begin, end, [&](const int32_t* word, int64_t from, int64_t to) {
      float* p = at(word[1]);
      const float* g = at(word[2]);
      float* v = at(word[3]);
      const vf rate = splat(real(word[4])), decay = splat(real(word[5]));
      const vf mu = splat(momentum), enter = splat(entering);
      if (!v) {
        update(from, to, [&](int64_t i, int64_t n, auto get, auto put) {
          const vf x = get(p + i, n);
          put(p + i, x - rate * (get(g + i, n) + decay * x), n);
        });
      } else {
        update(from, to, [&](int64_t i, int64_t n, auto get, auto put) {
          const vf x = get(p + i, n), d = get(g + i, n) + decay * x;
          const vf velocity = first ? d : mu * get(v + i, n) + enter * d;
          put(v + i, velocity, n);
          put(p + i, x - rate * (nesterov ? d + mu * velocity : velocity), n);
        });
      }
    });
  });
}

// count, beta1, 1 - beta1, beta2, 1 - beta2, epsilon, 1 / sqrt(1 - beta2^t);
// then a tensor: size, parameter, gradient, m, v, lr / (1 - beta1^t), weight decay of the gradient, factor of the parameter
D2L_OP(adamStep) {
  Args a;
  const int count = a.i32();
  const float beta1 = a.f32(), rest1 = a.f32(), beta2 = a.f32(), rest2 = a.f32(), epsilon = a.f32(), root = a.f32();
  const Walk w{a.word, 8, count};
  parallelFor(totalSize(w), kGrain, [&](int64_t begin, int64_t end) {
    walk(w, begin, end, [&](const int32_t* word, int64_t from, int64_t to) {
      float* p = at(word[1]);
      const float* gradient = at(word[2]);
      float* m = at(word[3]);
      float* v = at(word[4]);
      const vf rate = splat(real(word[5])), decay = splat(real(word[6])), keep = splat(real(word[7]));
      const vf b1 = splat(beta1), r1 = splat(rest1), b2 = splat(beta2), r2 = splat(rest2);
      const vf eps = splat(epsilon), scale = splat(root);
      update(from, to, [&](int64_t i, int64_t n, auto get, auto put) {
        const vf x = get(p + i, n), g = get(gradient + i, n) + decay * x;
        const vf first = b1 * get(m + i, n) + r1 * g;
        const vf second = b2 * get(v + i, n) + r2 * g * g;
        put(m + i, first, n);
        put(v + i, second, n);
        put(p + i, keep * x - rate * first / (vsqrt(second) * scale + eps), n);
      });
    });
  });
}

// count; then a tensor: size, tensor. Writes the norm over all to argument word 0 (a float).
// Fixed chunks, summed in order: the result does not depend on the threads.
D2L_OP(globalNorm) {
  constexpr int64_t kChunk = 1 << 14;
  Args a;
  const int count = a.i32();
  const Walk w{a.word, 2, count};
  const int64_t total = totalSize(w);
  const int64_t chunks = (total + kChunk - 1) / kChunk;
  constexpr int64_t kPartials = kScratchFloats / 2;
  double* partial = (double*)scratch();
  double sumAll = 0;
  for (int64_t c0 = 0; c0 < chunks; c0 += kPartials) {
    const int64_t c1 = c0 + kPartials < chunks ? c0 + kPartials : chunks;
    parallelFor(c1 - c0, 4, [&](int64_t from, int64_t to) {
      for (int64_t c = from; c < to; ++c) {
        double s = 0;
        const int64_t begin = (c0 + c) * kChunk, end = begin + kChunk;
        walk(w, begin, end, [&](const int32_t* word, int64_t i, int64_t n) {
          const float* x = at(word[1]);
          vf s0 = splat(0), s1 = splat(0), s2 = splat(0), s3 = splat(0);
          for (; i + 4 * kVec <= n; i += 4 * kVec) {
            const vf x0 = load(x + i), x1 = load(x + i + kVec), x2 = load(x + i + 2 * kVec), x3 = load(x + i + 3 * kVec);
            s0 += x0 * x0;
            s1 += x1 * x1;
            s2 += x2 * x2;
            s3 += x3 * x3;
          }
          for (; i + kVec <= n; i += kVec) s0 += load(x + i) * load(x + i);
          float tail = 0;
          for (; i < n; ++i) tail += x[i] * x[i];
          s += (double)sum((s0 + s1) + (s2 + s3)) + (double)tail;
        });
        partial[c] = s;
      }
    });
    for (int64_t c = c0; c < c1; ++c) sumAll += partial[c - c0];
  }
  const float norm = (float)__builtin_sqrt(sumAll);
  __builtin_memcpy(arguments, &norm, 4);
}

// count, factor; then a tensor: size, tensor
D2L_OP(scaleTensors) {
  Args a;
  const int count = a.i32();
  const vf factor = splat(a.f32());
  const Walk w{a.word, 2, count};
  parallelFor(totalSize(w), kGrain, [&](int64_t begin, int64_t end) {
    walk(w, begin, end, [&](const int32_t* word, int64_t from, int64_t to) {
      float* x = at(word[1]);
      update(from, to, [&](int64_t i, int64_t n, auto get, auto put) { put(x + i, get(x + i, n) * factor, n); });
    });
  });
}

}  // namespace d2l
