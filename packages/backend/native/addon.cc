// The Node addon: the kernels behind four functions in plain N-API.
//
//   open(maxBytes, threads) → ArrayBuffer over the heap (one reserved mapping; pages cost nothing until used)
//   freeOffset, argumentsOffset: numbers set on the exports by open()
//   run(opcode); opName(opcode) → string or undefined; setThreads(n) → threads that run
#include <node_api.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <atomic>

#include "../kernels/abi.h"
#include "threads.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

extern "C" size_t d2l_init(void* start, void* base);
extern "C" int32_t d2l_arguments();
extern "C" void d2l_run(int32_t op);
extern "C" int32_t d2l_op_count();
extern "C" const char* d2l_op_name(int32_t op);

namespace {

// The kernels' state is one per process; a second JavaScript thread is refused and uses WebAssembly.
std::atomic<bool> taken{false};
void* mapping = nullptr;
size_t mappedBytes = 0;

napi_value fail(napi_env env, const char* message) {
  napi_throw_error(env, nullptr, message);
  return nullptr;
}

void close(void*) {
  d2l::setThreads(1);
  if (mapping) munmap(mapping, mappedBytes);
  mapping = nullptr;
  taken = false;
}

void ignore(napi_env, void*, void*) {}

napi_value open(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value argv[2], self;
  double maxBytes;
  int32_t threads;
  napi_get_cb_info(env, info, &count, argv, &self, nullptr);
  if (napi_get_value_double(env, argv[0], &maxBytes) != napi_ok || napi_get_value_int32(env, argv[1], &threads) != napi_ok)
    return fail(env, "open: expects (maxBytes, threads)");
  if (taken.exchange(true)) return fail(env, "the native kernels are already in use by another thread of this process");
  napi_value buffer = nullptr;
  for (size_t bytes = (size_t)maxBytes; bytes >= ((size_t)512 << 20); bytes /= 2) {
    void* m = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (m == MAP_FAILED) continue;
#ifdef MADV_HUGEPAGE
    madvise(m, bytes, MADV_HUGEPAGE);  // packing walks down columns: with small pages each row is a miss of the address cache
#endif
    if (napi_create_external_arraybuffer(env, m, bytes, ignore, nullptr, &buffer) == napi_ok) {
      mapping = m;
      mappedBytes = bytes;
      break;
    }
    bool pending = false;
    napi_is_exception_pending(env, &pending);
    if (pending) {
      napi_value ignored;
      napi_get_and_clear_last_exception(env, &ignored);
    }
    munmap(m, bytes);
  }
  if (!mapping) {
    taken = false;
    return fail(env, "cannot reserve address space for the tensors' heap");
  }
  napi_value number;
  napi_create_double(env, (double)d2l_init(mapping, mapping), &number);
  napi_set_named_property(env, self, "freeOffset", number);
  napi_create_double(env, (double)d2l_arguments(), &number);
  napi_set_named_property(env, self, "argumentsOffset", number);
  d2l::setThreads(threads);
  napi_add_env_cleanup_hook(env, close, nullptr);
  return buffer;
}

napi_value run(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  int32_t op = -1;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_get_value_int32(env, argument, &op);
  if (op < 0 || op >= d2l_op_count() || !mapping) return fail(env, "run: no such kernel, or the heap is not open");
  d2l_run(op);
  return nullptr;
}

napi_value opName(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument, name = nullptr;
  int32_t op = -1;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_get_value_int32(env, argument, &op);
  if (op >= 0 && op < d2l_op_count()) napi_create_string_utf8(env, d2l_op_name(op), NAPI_AUTO_LENGTH, &name);
  return name;
}

napi_value setThreads(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument, result;
  int32_t threads = 1;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_get_value_int32(env, argument, &threads);
  d2l::setThreads(threads);
  napi_create_int32(env, d2l::threadCount, &result);
  return result;
}

#ifdef __SANITIZE_ADDRESS__
// guard(offset, words, forbidden): the tensors' heap is one mapping, so its allocator tells what may be touched.
napi_value guard(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value argv[3];
  double offset, words;
  bool forbidden;
  napi_get_cb_info(env, info, &count, argv, nullptr, nullptr);
  napi_get_value_double(env, argv[0], &offset);
  napi_get_value_double(env, argv[1], &words);
  napi_get_value_bool(env, argv[2], &forbidden);
  const float* start = (const float*)mapping + (size_t)offset;
  if (forbidden) __asan_poison_memory_region(start, (size_t)words * 4);
  else __asan_unpoison_memory_region(start, (size_t)words * 4);
  return nullptr;
}
#endif

}  // namespace

NAPI_MODULE_INIT() {
  const napi_property_descriptor properties[] = {
      {"open", nullptr, open, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"run", nullptr, run, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"opName", nullptr, opName, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"setThreads", nullptr, setThreads, nullptr, nullptr, nullptr, napi_default, nullptr},
#ifdef __SANITIZE_ADDRESS__
      {"guard", nullptr, guard, nullptr, nullptr, nullptr, napi_default, nullptr},
#endif
  };
  napi_define_properties(env, exports, sizeof(properties) / sizeof(properties[0]), properties);
  return exports;
}
