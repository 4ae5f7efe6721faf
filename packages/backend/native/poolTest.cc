// Drives the thread pool by itself, for ThreadSanitizer: many jobs, changing thread counts, pauses that park threads.
#include <stdio.h>
#include <unistd.h>

#include "../kernels/abi.h"
#include "threads.h"

namespace d2l {
int threadCount = 1;
thread_local int threadSlot = 0;
}  // namespace d2l

int main() {
  long long expected = 0, total = 0;
  const int counts[] = {2, 4, 1, 3};
  for (int threads : counts) {
    d2l::setThreads(threads);
    for (int job = 0; job < 2000; ++job) {
      const int parts = job % 9;
      long long sums[16] = {};
      d2l::parallel(parts, [&](int part) { sums[part] = (long long)part * job; });
      for (int part = 0; part < parts; ++part) {
        total += sums[part];
        expected += (long long)part * job;
      }
      if (job % 500 == 499) usleep(1000);
    }
  }
  d2l::setThreads(1);
  if (total != expected) printf("poolTest: %lld instead of %lld\n", total, expected);
  return total == expected ? 0 : 1;
}
