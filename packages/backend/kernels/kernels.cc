// The kernel table and the entry points that both builds export.
#include "abi.h"

namespace d2l {

float* heap;
int32_t* arguments;
int threadCount = 1;

// Weak, so that a build lacking a kernel still links: its entry is then null and JavaScript does not see it.
#define X(name) __attribute__((weak)) void d2l_op_##name();
#include "ops.def"
#undef X

using Kernel = void (*)();
static const Kernel kernels[] = {
#define X(name) d2l_op_##name,
#include "ops.def"
#undef X
};

static const char* const names[] = {
#define X(name) #name,
#include "ops.def"
#undef X
};

static float* scratchBase;

#ifdef __wasm__
constexpr int kSlots = 1;
float* scratch(int) { return scratchBase; }
void parallelRaw(int parts, Body body, void* context) {
  for (int p = 0; p < parts; ++p) body(context, p);
}
#else
constexpr int kSlots = kMaxThreads;
thread_local int threadSlot = 0;  // the pool sets it: 0 is the calling thread
float* scratch(int) { return scratchBase + kScratchFloats * threadSlot; }
#endif

}  // namespace d2l

extern "C" {

// Lays out the fixed part of the heap from `base` on: argument buffer, scratch of each thread.
// Returns the first free byte as an offset from the heap's start.
__attribute__((visibility("default"))) size_t d2l_init(void* start, void* base) {
  using namespace d2l;
  heap = (float*)start;
  uintptr_t at = ((uintptr_t)base + 63) & ~(uintptr_t)63;
  arguments = (int32_t*)at;
  scratchBase = (float*)(at + kArgumentWords * 4);
  return at + kArgumentWords * 4 + kSlots * kScratchFloats * 4 - (uintptr_t)start;
}

__attribute__((visibility("default"))) int32_t d2l_arguments() { return (int32_t)((float*)d2l::arguments - d2l::heap); }
__attribute__((visibility("default"))) void d2l_run(int32_t op) { d2l::kernels[op](); }
__attribute__((visibility("default"))) int32_t d2l_op_count() { return (int32_t)(sizeof(d2l::kernels) / sizeof(d2l::Kernel)); }
__attribute__((visibility("default"))) const char* d2l_op_name(int32_t op) { return d2l::kernels[op] ? d2l::names[op] : ""; }

}  // extern "C"

#ifdef __wasm__
extern "C" unsigned char __heap_base;
extern "C" __attribute__((visibility("default"))) size_t d2l_start() { return d2l_init(nullptr, &__heap_base); }
#endif
