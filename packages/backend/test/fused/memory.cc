// Runs the kernels of the fused operations over random odd sizes with every tensor fenced by poisoned memory, so that
// AddressSanitizer sees reads and writes that the shared heap would hide. From packages/backend:
//
//   g++ -std=c++17 -O1 -g -march=native -fno-exceptions -Wno-psabi -fsanitize=address,undefined \
//     -fno-sanitize-recover=undefined kernels/*.cc native/threads.cc test/fused/memory.cc -pthread -o build/memory && build/memory
#include <sanitizer/asan_interface.h>
#include <stdio.h>
#include <stdlib.h>

#include <random>
#include <string>
#include <vector>

#include "../../kernels/abi.h"
#include "../../native/threads.h"

extern "C" size_t d2l_init(void* start, void* base);
extern "C" void d2l_run(int32_t op);
extern "C" int32_t d2l_op_count();
extern "C" const char* d2l_op_name(int32_t op);

namespace {

std::mt19937 generator(1);
int below(int n) { return (int)(generator() % (unsigned)n); }
int size(int most) { return 1 + below(most); }
float real() { return (float)((int)(generator() >> 8) % 4096) / 1024 - 2; }

char* memory;
size_t start, top;
constexpr size_t kBytes = (size_t)1 << 30;

int32_t allocate(int64_t words) {
  const size_t at = top, end = at + (size_t)words * 4;
  top = (end + 191) / 64 * 64;
  ASAN_UNPOISON_MEMORY_REGION(memory + at, (size_t)words * 4);
  ASAN_POISON_MEMORY_REGION(memory + end, top - end);
  return (int32_t)(at / 4);
}
int32_t floats(int64_t words) {
  const int32_t at = allocate(words);
  for (int64_t i = 0; i < words; ++i) d2l::heap[at + i] = real();
  return at;
}
int32_t integers(int64_t words, int under, int from = 0) {
  const int32_t at = allocate(words);
  for (int64_t i = 0; i < words; ++i) ((int32_t*)d2l::heap)[at + i] = from + below(under - from);
  return at;
}
int32_t maybe(int32_t offset) { return below(2) ? offset : -1; }
int32_t bits(float v) {
  int32_t i;
  __builtin_memcpy(&i, &v, 4);
  return i;
}

void call(const std::string& name, const std::vector<int32_t>& words) {
  for (int op = 0; op < d2l_op_count(); ++op)
    if (name == d2l_op_name(op)) {
      for (size_t i = 0; i < words.size(); ++i) d2l::arguments[i] = words[i];
      return d2l_run(op);
    }
  printf("no kernel %s\n", name.c_str());
  exit(1);
}
void fresh() {
  top = start;
  ASAN_POISON_MEMORY_REGION(memory + start, kBytes - start);
}

void attention() {
  const int B = below(4), H = size(3), Q = size(20), K = size(40), d = size(40), W = H * d, threads = d2l::threadCount;
  (void)threads;
  const int32_t shape[] = {B, H, Q, K, d, bits(0.3f), below(2), below(2), 7, 9, 1 << 22, bits(1.3f)};
  const int64_t rows = (int64_t)B * Q, keys = (int64_t)B * K;
  const bool perQuery = below(2);
  const int32_t weights = allocate((int64_t)B * H * Q * K);
  std::vector<int32_t> words = {allocate(rows * W), W, floats(rows * W), W, floats(keys * W), W, floats(keys * W), W, below(3) ? weights : -1,
                                maybe(integers(perQuery ? rows : B, K + 3, -1)), perQuery, maybe(floats((int64_t)H * Q * K)), 0, Q * K, K};
  words.insert(words.end(), shape, shape + 12);
  call("attention", words);
  words = {allocate(rows * W), W, allocate(keys * W), W, allocate(keys * W), W};
  for (int64_t n : {rows, rows, rows, keys, keys}) words.insert(words.end(), {floats(n * W), W});
  words.push_back(floats((int64_t)B * H * Q * K));
  words.insert(words.end(), shape, shape + 12);
  call("attentionGrad", words);
}

void additive() {
  const int B = below(5), Q = size(6), K = size(9), h = size(40);
  call("additiveScores", {allocate((int64_t)B * Q * K), floats((int64_t)B * Q * h), floats((int64_t)B * K * h), floats(h), B, Q, K, h});
  call("additiveScoresGrad", {allocate((int64_t)B * Q * h), allocate((int64_t)B * K * h), allocate(h), allocate(h * d2l::threadCount), floats((int64_t)B * Q * K),
                              floats((int64_t)B * Q * h), floats((int64_t)B * K * h), floats(h), B, Q, K, h});
}

void rowwise() {
  const int rows = below(40), n = size(90);
  const int64_t all = (int64_t)rows * n;
  call("maskedSoftmax", {allocate(all), floats(all), maybe(integers(rows, n + 3, -1)), 0, rows, 1, n});
  call("softmaxGrad", {allocate(all), floats(all), floats(all), rows, n});
  const int reduction = below(3), ignore = below(n + 1) - 1;
  const int32_t logits = floats(all), labels = integers(rows, n), weights = maybe(floats(rows)), smoothing = bits(below(2) ? 0.1f : 0), stats = allocate(2 * rows + 1);
  call("crossEntropy", {allocate(reduction ? 1 : rows), stats, logits, labels, weights, rows, n, reduction, smoothing, ignore});
  call("crossEntropyGrad", {allocate(all), floats(reduction ? 1 : rows), stats, logits, labels, weights, rows, n, reduction, smoothing, ignore});
  const int32_t residual = maybe(floats(all)), weight = maybe(floats(n)), statistics = allocate(2 * rows);
  call("layerNorm", {allocate(all), statistics, floats(all), residual, weight, maybe(floats(n)), rows, n, bits(1e-5f)});
  call("layerNormGrad", {maybe(allocate(all)), maybe(allocate(n)), maybe(allocate(n)), allocate(2 * n * d2l::threadCount), floats(all), statistics, floats(all), residual, weight, rows, n});
  const int count = size(12);
  const int32_t ids = integers(rows, count);
  call("embedding", {allocate(all), ids, floats((int64_t)count * n), rows, n, bits(2)});
  call("embeddingGrad", {allocate((int64_t)count * n), floats(all), ids, allocate(count + rows), rows, count, n, bits(2), below(count + 1) - 1});
  call("dropout", {allocate(all), floats(all), (int32_t)all, 1, 2, 1 << 22, bits(1.3f)});
}

void images() {
  const int N = below(4), groups = size(3), C = groups * size(3), out = groups * size(9), kh = size(4), kw = size(4), sh = size(3), sw = size(3), dh = size(2), dw = size(2);
  const int ph = below(3), pw = below(3), h = dh * (kh - 1) + size(20), w = dw * (kw - 1) + size(20);
  const int oh = (h + 2 * ph - dh * (kh - 1) - 1) / sh + 1, ow = (w + 2 * pw - dw * (kw - 1) - 1) / sw + 1;
  const int64_t x = (int64_t)N * C * h * w, y = (int64_t)N * out * oh * ow, weights = (int64_t)out * (C / groups) * kh * kw;
  const std::vector<int32_t> shape = {N, C, h, w, out, oh, ow, kh, kw, sh, sw, ph, pw, dh, dw, groups};
  std::vector<int32_t> words = {allocate(y), floats(x), floats(weights), maybe(floats(out))};
  words.insert(words.end(), shape.begin(), shape.end());
  call("conv", words);
  words = {maybe(allocate(x)), maybe(allocate(weights)), maybe(allocate(out)), allocate(weights * (d2l::threadCount - 1)), floats(y), floats(x), floats(weights)};
  words.insert(words.end(), shape.begin(), shape.end());
  call("convGrad", words);
  const int poh = (h + 2 * ph - kh) / sh + 1, pow = (w + 2 * pw - kw) / sw + 1, average = below(2), planes = N * C;
  if (h + 2 * ph >= kh && w + 2 * pw >= kw) {
    const int64_t pooled = (int64_t)planes * poh * pow;
    call("pool", {allocate(pooled), floats(x), planes, h, w, poh, pow, kh, kw, sh, sw, ph, pw, average});
    call("poolGrad", {allocate(x), floats(pooled), floats(x), planes, h, w, poh, pow, kh, kw, sh, sw, ph, pw, average});
  }
  const int inner = below(2) ? size(5) : h * w, weight = maybe(floats(C));
  const int64_t all = (int64_t)N * C * inner;
  call("batchNorm", {allocate(all), floats(C), floats(C), floats(all), weight, maybe(floats(C)), N, C, inner, bits(10), 1});
  call("batchNormGrad", {maybe(allocate(all)), allocate(C), allocate(C), floats(all), floats(all), weight, floats(C), floats(C), N, C, inner, bits(10)});
}

void layers() {
  const int rows = below(30), in = size(40), out = size(50), activation = below(6), wide = (int64_t)rows * out;
  const int32_t x = floats((int64_t)rows * in), weight = floats((int64_t)out * in), before = allocate(wide), y = allocate(wide);
  call("linear", {y, x, weight, maybe(floats(out)), rows, in, out, activation, before});
  call("linearGrad", {floats(wide), x, weight, y, before, rows, in, out, activation, maybe(allocate((int64_t)rows * in)), maybe(allocate((int64_t)out * in)), maybe(allocate(out)), allocate(wide)});
}

void recurrent() {
  const int cell = below(4), reverse = below(2), B = below(20), T = below(6), in = size(30), H = size(below(4) ? 40 : 150);
  const int G = cell == 3 ? 4 : cell == 2 ? 3 : 1, training = below(3) > 0;
  const int64_t states = (int64_t)B * H, steps = (int64_t)B * T;
  const bool lstm = cell == 3;
  call("recurrentSpace", {cell, B, T, in, H, training});
  const int32_t words = d2l::arguments[0], saved = d2l::arguments[1];
  const int32_t x = floats(steps * in), weightIh = floats((int64_t)G * H * in), weightHh = floats((int64_t)G * H * H);
  const int32_t h0 = maybe(floats(states)), c0 = lstm ? maybe(floats(states)) : -1, lengths = maybe(integers(B, T + 1)), y = allocate(steps * H);
  const int32_t workspace = saved > 0 ? allocate(saved) : -1;
  call("recurrent", {cell, reverse, B, T, in, H, training, x, weightIh, weightHh, maybe(floats(G * H)), maybe(floats(G * H)), h0, c0, lengths, y, maybe(allocate(states)), lstm ? allocate(states) : -1, workspace, allocate(words)});
  if (!training) return;
  call("recurrentGradSpace", {cell, B, T, in, H});
  const int32_t temporary = allocate(d2l::arguments[0]);
  call("recurrentGrad", {cell, reverse, B, T, in, H, maybe(floats(steps * H)), maybe(floats(states)), lstm ? maybe(floats(states)) : -1, x, weightIh, weightHh, h0, c0, lengths, y, workspace,
                         maybe(allocate(steps * in)), maybe(allocate((int64_t)G * H * in)), maybe(allocate((int64_t)G * H * H)), maybe(allocate(G * H)), maybe(allocate(G * H)), maybe(allocate(states)), lstm ? maybe(allocate(states)) : -1, temporary});
}

void optimizers() {
  const int count = size(5);
  std::vector<int32_t> sgd = {count, bits(0.9f), bits(0.9f), below(2), below(2)}, adam = {count, bits(0.9f), bits(0.1f), bits(0.99f), bits(0.01f), bits(1e-8f), bits(1)};
  std::vector<int32_t> norm = {count}, scale = {count, bits(0.5f)};
  for (int i = 0; i < count; ++i) {
    const int n = below(20) ? below(100) : 70000, p = floats(n), g = floats(n), m = floats(n), v = floats(n);
    sgd.insert(sgd.end(), {n, p, g, maybe(m), bits(0.1f), bits(0.1f)});
    adam.insert(adam.end(), {n, p, g, m, v, bits(0.1f), bits(0.1f), bits(1)});
    norm.insert(norm.end(), {n, g});
    scale.insert(scale.end(), {n, g});
  }
  call("sgdStep", sgd);
  call("adamStep", adam);
  call("globalNorm", norm);
  call("scaleTensors", scale);
}

}  // namespace

int main() {
  memory = (char*)aligned_alloc(64, kBytes);
  start = (d2l_init(memory, memory) + 127) / 64 * 64;
  for (int threads : {1, 3}) {
    d2l::setThreads(threads);
    for (int round = 0; round < 400; ++round)
      for (void (*one)() : {attention, additive, rowwise, images, layers, recurrent, optimizers}) {
        fresh();
        one();
      }
  }
  d2l::setThreads(1);
  printf("the fused kernels stay inside their tensors\n");
}
