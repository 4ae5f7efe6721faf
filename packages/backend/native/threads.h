// The thread pool behind parallel(): see threads.cc.
#pragma once
namespace d2l {
// Starts threads so that `threads` (the caller included) work together; stops surplus ones.
void setThreads(int threads);
}  // namespace d2l
