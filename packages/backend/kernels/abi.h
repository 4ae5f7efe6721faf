// How JavaScript calls a kernel: an opcode, and plain 32-bit words in a shared argument buffer.
//
// Tensors are offsets into one heap, counted in floats (an int32 reaches 8 GB). Scalars that are
// floats travel by bit pattern. A kernel never allocates: outputs, workspaces and scratch come as
// offsets. The same source is built as a Node addon and as WebAssembly, so it uses no library.
//
// To add a kernel: write `D2L_OP(myKernel) { Args a; ... }` in any kernels/*.cc (each file is compiled by
// itself, in namespace d2l, and found by its extension; nothing to register in the builds), add the line
// `X(myKernel)` to ops.def, and call it from TypeScript (see src/fused/index.ts).
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace d2l {

extern float* heap;         // start of the heap; WebAssembly: address 0
extern int32_t* arguments;  // the argument buffer (kArgumentWords words inside the heap)
extern int threadCount;     // threads that parallel() may use

constexpr int kArgumentWords = 16384;
constexpr int kMaxThreads = 64;

// Through an integer: WebAssembly's heap starts at address 0, and compilers take null plus anything for null.
inline float* heapAt(int32_t offset) { return (float*)((uintptr_t)heap + (size_t)(uint32_t)offset * 4); }

// Reads the words of one call in order; every kernel starts by reading its arguments.
struct Args {
  const int32_t* word = arguments;
  int32_t i32() { return *word++; }
  float f32() { float v; __builtin_memcpy(&v, word++, 4); return v; }
  float* ptr() { return heapAt(*word++); }            // a tensor that is always there
  float* optional() { int32_t o = *word++; return o < 0 ? nullptr : heapAt(o); }
  int32_t* ints() { return (int32_t*)ptr(); }
  int32_t* optionalInts() { return (int32_t*)optional(); }
};

// Runs body(part) for part in [0, parts): on the pool natively, in order in WebAssembly. Work must be
// cut the same way for the same sizes and thread count, so that results repeat bit for bit. Parts are
// claimed by whichever thread is free, so results must not depend on which thread runs a part.
// Not to be nested.
using Body = void (*)(void* context, int part);
void parallelRaw(int parts, Body body, void* context);

template <class F>
inline void parallel(int parts, F&& f) {
  if (parts <= 1 || threadCount <= 1) { for (int p = 0; p < parts; ++p) f(p); return; }
  parallelRaw(parts, [](void* c, int p) { (*(F*)c)(p); }, (void*)&f);
}

// Splits n items in contiguous ranges over the threads, at least `grain` items a range.
template <class F>
inline void parallelFor(int64_t n, int64_t grain, F&& f) {
  int64_t parts = grain > 0 ? n / grain : threadCount;
  if (parts > threadCount) parts = threadCount;
  if (parts <= 1) { if (n > 0) f((int64_t)0, n); return; }
  parallel((int)parts, [&](int p) { f(n * p / parts, n * (p + 1) / parts); });
}

// Scratch memory (packing buffers) of the running thread, whatever part it runs; contents last only
// until the current part (or, outside parallel(), the current kernel) ends. The calling thread's own
// scratch may be read by all parts when the parts themselves do not ask for scratch.
float* scratch(int part = 0);
constexpr size_t kScratchFloats = 1 << 20;  // per thread

}  // namespace d2l

// D2L_OP(name) defines the kernel `name`; ops.def lists all names, and the library tells JavaScript
// which opcode each name got (d2l_op_name), so the two sides cannot disagree. Use it inside namespace d2l.
#define D2L_OP(name) void d2l_op_##name()
