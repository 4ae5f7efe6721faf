// Forward pass of one recurrent layer over the whole sequence.
//
// The input projection is one gemm over all steps, or for one-hot inputs a row of W_ih transposed. Then the batch is split over threads by rows, so that no
// thread waits for another in time; each step multiplies the state by W_hh (packed once) and applies the gates
// to a block of units while it is in the first-level cache. A call with a few rows in all, as in generating text, reads
// W_hh where it lies and splits the units over the threads instead.
#include "math.h"
#include "recurrent.h"

namespace d2l {

void Recurrent::plan(const int32_t* lengths) {
  for (int64_t s = 0; s <= steps; ++s) offset[s] = 0;
  auto clamp = [&](int32_t v) { return v < 0 ? 0 : v > steps ? (int32_t)steps : v; };
  if (!lengths) {
    for (int64_t b = 0; b < batch; ++b) { order[b] = (int32_t)b; length[b] = (int32_t)steps; }
    for (int64_t s = 0; s <= steps; ++s) offset[s] = s * batch;
    total = batch * steps;
    return;
  }
  // A stable counting sort, longest first: offset[s] counts rows longer than s, then the places filled.
  for (int64_t b = 0; b < batch; ++b) ++offset[steps - clamp(lengths[b])];
  int64_t place = 0;
  for (int64_t i = 0; i <= steps; ++i) { const int64_t n = offset[i]; offset[i] = place; place += n; }
  for (int64_t b = 0; b < batch; ++b) {
    const int32_t n = clamp(lengths[b]);
    const int64_t p = offset[steps - n]++;
    order[p] = (int32_t)b;
    length[p] = n;
  }
  total = 0;
  int64_t running = batch;
  for (int64_t s = 0; s < steps; ++s) {
    while (running > 0 && length[running - 1] <= s) --running;
    offset[s] = total;
    total += running;
  }
  offset[steps] = total;
}

void Recurrent::findHot(const float* x) {
  bool found = mayBeHot() && total > 0;
  for (int64_t s = 0; found && s < steps; ++s)
    for (int64_t p = 0; found && p < active(s); ++p) {
      const float* in = x + row(p, s) * inputs;
      int64_t ones = 0, others = 0;
      for (int64_t i = 0; i < inputs && others == 0; ++i) {
        if (in[i] == 0) continue;
        if (in[i] != 1) ++others;
        hot[offset[s] + p] = (int32_t)i;
        ++ones;
      }
      found = ones == 1 && others == 0;
    }
  if (!found) hot = nullptr;
}

namespace {

constexpr int64_t kChunk = 48 / kTileRows;  // tiles whose gate sums are kept at once

struct Forward : Recurrent {
  const float *x, *weightIh, *weightHh, *biasIh, *biasHh, *h0, *c0;
  const int32_t* lengths;
  float *y, *hN, *cN;
  float* saved;  // the workspace (training) or temporary memory of the same shape
  bool training;

  float *bias, *biasN, *packed, *states, *cells, *sums, *tile;
  const float** xRows;
  float** yRows;

  int64_t unitBlocks() const { return panelCount(hidden); }
  bool few() const { return pairs() <= 8; }  // packing W_hh would cost more than it saves

  void layout(Bump& b, int threads) {
    takePlan(b);
    bias = b.take(gates() * hidden);
    biasN = b.take(hidden);
    packed = b.take(few() ? 0 : unitBlocks() * gates() * hidden * kTileCols);
    states = b.take(2 * batch * stateStride());
    cells = b.take(cell == kLstm ? batch * stateStride() : 0);
    sums = b.take(threads * kChunk * kTileRows * kTileCols * gates());
    tile = b.take(kVec == 4 ? threads * kChunk * kTileRows * hidden : 0);
    xRows = b.pointers<const float*>(pairs());
    yRows = b.pointers<float*>(pairs());
    takeHot(b);
    if (!training) saved = b.take(pairs() * savedStride());
  }

  float* state(int64_t s, int64_t place) const { return states + ((s & 1) * batch + place) * stateStride(); }
  // W_ih x + b of a pair, gate by gate.
  const float* projected(int64_t pair) const {
    if (hot) return byInput + hot[pair] * gates() * hidden;
    return savedStride() ? saved + pair * savedStride() : yRows[pair];
  }
  float* cellState(int64_t place) const { return cells + place * stateStride(); }

  // Asks for what applyGates will read and write; rows lie pages apart, so the processor cannot guess them.
  void prefetchGate(int64_t pair, int64_t gate, int64_t unit) const {
    const float* w = saved + pair * savedStride() + unit;
    __builtin_prefetch(w + gate * hidden, 1);
    if (gate == 0) __builtin_prefetch(w + gates() * hidden, 1);
  }
  void project();
  void start(int64_t place);
  void finish(int64_t place);
  void gatesOf(int64_t s, int64_t place, int64_t unit, int64_t units, const float* sum, int64_t stride);
  void runFew();
  void run(int part, int parts);
  template <int kCell>
  void applyGates(int64_t s, int64_t place, int64_t unit, int64_t units, const float* sum, int64_t stride);
};

void Forward::project() {
  const int64_t width = gates() * hidden;
  for (int64_t j = 0; j < width; ++j) {
    const bool separate = cell == kGru && j >= 2 * hidden;  // b_hn stays inside the reset gate's product
    bias[j] = (biasIh ? biasIh[j] : 0) + (biasHh && !separate ? biasHh[j] : 0);
  }
  for (int64_t j = 0; j < hidden; ++j) biasN[j] = cell == kGru && biasHh ? biasHh[2 * hidden + j] : 0;
  for (int64_t s = 0; s < steps; ++s)
    for (int64_t p = 0; p < active(s); ++p) {
      xRows[offset[s] + p] = x + row(p, s) * inputs;
      yRows[offset[s] + p] = y + row(p, s) * hidden;
    }
  if (hot) {
    parallelFor(inputs, 1 + 16384 / width, [&](int64_t from, int64_t to) {
      for (int64_t i = from; i < to; ++i)
        for (int64_t j = 0; j < width; ++j) byInput[i * width + j] = weightIh[j * inputs + i] + bias[j];
    });
  } else {
    Gemm g;
    g.m = total;
    g.n = width;
    g.k = inputs;
    g.a = gathered(xRows);
    g.b = matrix(weightIh, inputs, true);
    g.bias = bias;
    if (savedStride() == 0) {
      g.cRows = yRows;
    } else {
      g.c = saved;
      g.ldc = savedStride();
    }
    gemm(g);
  }
  if (few()) return;

  const int64_t G = gates();
  // W_hh as [unit block][gate][hidden][kTileCols].
  parallelFor(unitBlocks(), 1 + 16384 / (G * hidden * kTileCols), [&](int64_t from, int64_t to) {
    for (int64_t u = from; u < to; ++u)
      for (int64_t gate = 0; gate < G; ++gate) {
        const int64_t unit = u * kTileCols, units = hidden - unit < kTileCols ? hidden - unit : kTileCols;
        packPanelRange(packed + (u * G + gate) * hidden * kTileCols,
                       matrix(weightHh + (gate * hidden + unit) * hidden, hidden, true), hidden, units, 0, 1);
      }
  });
}

template <int kCell>
D2L_INLINE void Forward::applyGates(int64_t s, int64_t place, int64_t unit, int64_t units, const float* sum, int64_t stride) {
  const int64_t H = hidden, pair = offset[s] + place;
  const float* in = projected(pair) + unit;
  float* out = yRows[pair] + unit;
  float* next = state(s + 1, place) + unit;
  if (kCell == kRnnTanh || kCell == kRnnRelu) {
    eachVector(units, [&](auto whole, int64_t i, int64_t n) {
      constexpr bool W = decltype(whole)::value;
      const vf v = loadRow<W>(in + i, n) + load(sum + i);
      const vf h = kCell == kRnnTanh ? vtanh(v) : vmax(v, splat(0));
      storeRow<W>(out + i, h, n);
      storeRow<W>(next + i, h, n);
    });
  } else if (kCell == kGru) {
    float* w = saved + pair * savedStride() + unit;
    const float* previous = state(s, place) + unit;
    eachVector(units, [&](auto whole, int64_t i, int64_t n) {
      constexpr bool W = decltype(whole)::value;
      const vf r = vsigmoid(loadRow<W>(in + i, n) + load(sum + i));
      const vf z = vsigmoid(loadRow<W>(in + H + i, n) + load(sum + stride + i));
      const vf hn = load(sum + 2 * stride + i) + loadRow<W>(biasN + unit + i, n);
      const vf c = vtanh(loadRow<W>(in + 2 * H + i, n) + r * hn);
      const vf h = c + z * (loadRow<W>(previous + i, n) - c);
      if (training) {
        storeRow<W>(w + i, r, n);
        storeRow<W>(w + H + i, z, n);
        storeRow<W>(w + 2 * H + i, c, n);
        storeRow<W>(w + 3 * H + i, hn, n);
      }
      storeRow<W>(out + i, h, n);
      storeRow<W>(next + i, h, n);
    });
  } else {
    float* w = saved + pair * savedStride() + unit;
    float* cs = cellState(place) + unit;
    eachVector(units, [&](auto whole, int64_t i, int64_t n) {
      constexpr bool W = decltype(whole)::value;
      const vf input = vsigmoid(loadRow<W>(in + i, n) + load(sum + i));
      const vf f = vsigmoid(loadRow<W>(in + H + i, n) + load(sum + stride + i));
      const vf g = vtanh(loadRow<W>(in + 2 * H + i, n) + load(sum + 2 * stride + i));
      const vf o = vsigmoid(loadRow<W>(in + 3 * H + i, n) + load(sum + 3 * stride + i));
      const vf c = f * loadRow<W>(cs + i, n) + input * g;
      const vf h = o * vtanh(c);
      if (training) {
        storeRow<W>(w + i, input, n);
        storeRow<W>(w + H + i, f, n);
        storeRow<W>(w + 2 * H + i, g, n);
        storeRow<W>(w + 3 * H + i, o, n);
        storeRow<W>(w + 4 * H + i, c, n);
      }
      storeRow<W>(cs + i, c, n);
      storeRow<W>(out + i, h, n);
      storeRow<W>(next + i, h, n);
    });
  }
}

// The state before the first step; steps past the length give zeros.
void Forward::start(int64_t p) {
  const int64_t H = hidden, b = order[p];
  float* h = state(0, p);
  for (int64_t j = 0; j < H; ++j) h[j] = h0 ? h0[b * H + j] : 0;
  if (cell == kLstm) {
    float* c = cellState(p);
    for (int64_t j = 0; j < H; ++j) c[j] = c0 ? c0[b * H + j] : 0;
  }
  float* out = y + (b * steps + length[p]) * H;
  for (int64_t j = 0; j < (steps - length[p]) * H; ++j) out[j] = 0;
}

void Forward::finish(int64_t p) {
  const int64_t H = hidden, b = order[p];
  if (hN) __builtin_memcpy(hN + b * H, state(length[p], p), (size_t)H * 4);
  if (cN) __builtin_memcpy(cN + b * H, cellState(p), (size_t)H * 4);
}

D2L_INLINE void Forward::gatesOf(int64_t s, int64_t p, int64_t unit, int64_t units, const float* sum, int64_t stride) {
  switch (cell) {
    case kRnnTanh: return applyGates<kRnnTanh>(s, p, unit, units, sum, stride);
    case kRnnRelu: return applyGates<kRnnRelu>(s, p, unit, units, sum, stride);
    case kGru: return applyGates<kGru>(s, p, unit, units, sum, stride);
    default: return applyGates<kLstm>(s, p, unit, units, sum, stride);
  }
}

void Forward::runFew() {
  const int64_t H = hidden, G = gates(), row = kTileCols, gateStep = batch * kTileCols;
  for (int64_t p = 0; p < batch; ++p) start(p);
  for (int64_t s = 0; s < steps; ++s) {
    const int64_t running = active(s);
    const float* rows[8];
    for (int64_t p = 0; p < running; ++p) rows[p] = state(s, p);
    if (running > 0)
      parallelFor(unitBlocks(), 1 + 200000 / (running * G * H * kTileCols), [&](int64_t from, int64_t to) {
        alignas(64) float buffer[8 * 4 * kTileCols];
        for (int64_t u = from; u < to; ++u) {
          const int64_t unit = u * kTileCols, units = H - unit < kTileCols ? H - unit : kTileCols;
          for (int64_t g = 0; g < G; ++g) {
            float* out[8];
            for (int64_t p = 0; p < running; ++p) out[p] = buffer + g * gateStep + p * row;
            dotProducts(running, rows, H, weightHh + (g * H + unit) * H, H, units, out);
          }
          for (int64_t p = 0; p < running; ++p) gatesOf(s, p, unit, units, buffer + p * row, gateStep);
        }
      });
  }
  for (int64_t p = 0; p < batch; ++p) finish(p);
}

void Forward::run(int part, int parts) {
  const int64_t H = hidden, G = gates(), blocks = unitBlocks();
  const int64_t mine = shareOf(batch, part, parts);
  auto place = [&](int64_t i) { return part + i * parts; };
  for (int64_t i = 0; i < mine; ++i) start(place(i));

  float* buffer = sums + part * kChunk * kTileRows * kTileCols * G;
  float* packedRows = kVec == 4 ? tile + part * kChunk * kTileRows * H : nullptr;
  const int64_t gateStep = kChunk * kTileRows * kTileCols;
  for (int64_t s = 0; s < steps; ++s) {
    const int64_t running = shareOf(active(s), part, parts);
    if (running == 0) break;
    const int64_t chunks = (running + kChunk * kTileRows - 1) / (kChunk * kTileRows);
    for (int64_t ch = 0; ch < chunks; ++ch) {
      const int64_t from = running * ch / chunks, count = running * (ch + 1) / chunks - from;
      const int64_t tiles = (count + kTileRows - 1) / kTileRows;
      const float* rows[kChunk * kTileRows];
      for (int64_t i = 0; i < count; ++i) rows[i] = state(s, place(from + i));
      if (packedRows)
        for (int64_t t = 0; t < tiles; ++t) {
          const int64_t r = count * t / tiles;
          packRows(packedRows + r * H, rows + r, (int)(count * (t + 1) / tiles - r), H);
        }
      for (int64_t u = 0; u < blocks; ++u) {
        const int64_t unit = u * kTileCols, units = H - unit < kTileCols ? H - unit : kTileCols;
        for (int64_t g = 0; g < G; ++g) {
          const float* panel = packed + (u * G + g) * H * kTileCols;
          for (int64_t t = 0; t < tiles; ++t) {
            const int64_t r = count * t / tiles;
            const int mr = (int)(count * (t + 1) / tiles - r);
            if (savedStride())
              for (int i = 0; i < mr; ++i) prefetchGate(offset[s] + place(from + r + i), g, unit);
            float* out = buffer + g * gateStep + r * kTileCols;
            if (packedRows) tileMultiplyPacked(mr, H, packedRows + r * H, panel, out, kTileCols, false);
            else tileMultiply(mr, H, rows + r, panel, out, kTileCols, false);
          }
        }
        for (int64_t i = 0; i < count; ++i) {
          const float* sum = buffer + i * kTileCols;
          gatesOf(s, place(from + i), unit, units, sum, gateStep);
        }
      }
    }
  }

  for (int64_t i = 0; i < mine; ++i) finish(place(i));
}

}  // namespace

// Writes to argument words 0 and 1: floats of temporary memory and of the workspace that a forward call needs.
// cell, batch, steps, inputs, hidden, training
D2L_OP(recurrentSpace) {
  Args a;
  Forward f{};
  f.cell = a.i32();
  f.batch = a.i32();
  f.steps = a.i32();
  f.inputs = a.i32();
  f.hidden = a.i32();
  f.training = a.i32() != 0;
  Bump b{nullptr};
  f.layout(b, f.parts());
  arguments[0] = (int32_t)b.used;
  arguments[1] = (int32_t)(f.training ? f.pairs() * f.savedStride() : 0);
}

// cell, reverse, batch, steps, inputs, hidden, training, x, weightIh, weightHh, biasIh?, biasHh?, h0?, c0?,
// lengths?, y, hN?, cN?, workspace? (training), temporary
D2L_OP(recurrent) {
  Args a;
  Forward f{};
  f.cell = a.i32();
  f.reverse = a.i32() != 0;
  f.batch = a.i32();
  f.steps = a.i32();
  f.inputs = a.i32();
  f.hidden = a.i32();
  f.training = a.i32() != 0;
  f.x = a.ptr();
  f.weightIh = a.ptr();
  f.weightHh = a.ptr();
  f.biasIh = a.optional();
  f.biasHh = a.optional();
  f.h0 = a.optional();
  f.c0 = a.optional();
  f.lengths = a.optionalInts();
  f.y = a.ptr();
  f.hN = a.optional();
  f.cN = a.optional();
  f.saved = a.optional();
  Bump b{a.ptr()};
  if (f.batch == 0 || f.hidden == 0) return;
  const int parts = f.parts();
  f.layout(b, parts);
  f.plan(f.lengths);
  f.findHot(f.x);
  if (f.total > 0) f.project();
  if (f.few()) return f.runFew();
  parallel(parts, [&](int part) { f.run(part, parts); });
}

}  // namespace d2l
