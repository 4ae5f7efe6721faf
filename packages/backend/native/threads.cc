// The thread pool: one job at a time, its parts claimed one by one from a word that also carries the job's
// epoch. Threads spin about 0.1 ms for the next job, then park. The calling thread takes parts like the
// others, so a slow or sleeping thread delays only the part it holds.
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <time.h>

#include <atomic>

#include "../kernels/abi.h"
#include "threads.h"

namespace d2l {

extern thread_local int threadSlot;

namespace {

// epoch (32 bits) | parts (16) | next part (16)
std::atomic<uint64_t> state{0};
std::atomic<int> remaining{0};
std::atomic<int> sleepers{0};
std::atomic<int> wanted{1};  // threads that should exist, the caller included
Body jobBody;
void* jobContext;

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
pthread_t handles[kMaxThreads];
int started = 1;

inline void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

inline int64_t nanoseconds() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

inline bool hasWork(uint64_t s) { return (s & 0xffff) < ((s >> 16) & 0xffff); }

// Runs parts until none is left. The epoch in the claimed word keeps a late thread out of a newer job.
void work() {
  uint64_t s = state.load(std::memory_order_acquire);
  while (hasWork(s)) {
    if (!state.compare_exchange_weak(s, s + 1, std::memory_order_acq_rel, std::memory_order_acquire)) continue;
    jobBody(jobContext, (int)(s & 0xffff));
    remaining.fetch_sub(1, std::memory_order_acq_rel);
    s = state.load(std::memory_order_acquire);
  }
}

void park(int slot) {
  pthread_mutex_lock(&mutex);
  sleepers.fetch_add(1);
  while (!hasWork(state.load()) && slot < wanted.load()) pthread_cond_wait(&wake, &mutex);
  sleepers.fetch_sub(1);
  pthread_mutex_unlock(&mutex);
}

void* loop(void* argument) {
  const int slot = (int)(intptr_t)argument;
  threadSlot = slot;
  while (slot < wanted.load(std::memory_order_acquire)) {
    const int64_t until = nanoseconds() + 100000;
    bool found = false;
    do {
      for (int i = 0; i < 64 && !found; ++i) {
        found = hasWork(state.load(std::memory_order_acquire));
        if (!found) pause();
      }
    } while (!found && nanoseconds() < until);
    if (found) work();
    else park(slot);
  }
  return nullptr;
}

void wakeAll() {
  pthread_mutex_lock(&mutex);
  pthread_cond_broadcast(&wake);
  pthread_mutex_unlock(&mutex);
}

}  // namespace

void parallelRaw(int parts, Body body, void* context) {
  jobBody = body;
  jobContext = context;
  remaining.store(parts, std::memory_order_relaxed);
  const uint64_t epoch = (state.load(std::memory_order_relaxed) >> 32) + 1;
  state.store(epoch << 32 | (uint64_t)(uint32_t)parts << 16);  // sequentially consistent, like `sleepers`
  if (sleepers.load() > 0) wakeAll();
  work();
  for (int spins = 0; remaining.load(std::memory_order_acquire) > 0; ++spins) {
    if (spins < 4096) pause();
    else sched_yield();
  }
}

void setThreads(int threads) {
  if (threads < 1) threads = 1;
  if (threads > kMaxThreads) threads = kMaxThreads;
  wanted.store(threads);
  if (threads < started) {
    wakeAll();
    while (started > threads) pthread_join(handles[--started], nullptr);
  }
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are Node's business
  while (started < threads) {
    if (pthread_create(&handles[started], nullptr, loop, (void*)(intptr_t)started) != 0) break;
    ++started;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  wanted.store(started);
  threadCount = started;
}

}  // namespace d2l
