// Backward pass of one recurrent layer over the whole sequence.
//
// Threads split the batch by rows and walk back in time; the gradients of all gates are kept, and the weights'
// gradients are then one gemm each.
#include "math.h"
#include "recurrent.h"

namespace d2l {
namespace {

constexpr int64_t kBlock = 256;  // rows of W_hh multiplied at once: a panel stays in the first-level cache

struct Backward : Recurrent {
  const float *dy, *dhN, *dcN, *x, *weightIh, *weightHh, *h0, *c0;
  const int32_t* lengths;
  const float *y, *saved;
  float *dx, *dWeightIh, *dWeightHh, *dBiasIh, *dBiasHh, *dh0, *dc0;

  float *packed, *grads, *carry, *cellCarry, *tile;
  const float **xRows, **previousRows;
  float** outRows;

  int64_t width() const { return gates() * hidden; }
  // Where the gradients of the input side and of the hidden side start in a row of `grads`.
  int64_t inputSide() const { return cell == kGru ? hidden : 0; }

  void layout(Bump& b, int threads) {
    takePlan(b);
    packed = b.take(packedFloats(width(), hidden));
    grads = b.take(pairs() * gradStride());
    carry = b.take(batch * stateStride());
    cellCarry = b.take(cell == kLstm ? batch * stateStride() : 0);
    tile = b.take(kVec == 4 ? threads * kTileRows * kBlock * 8 : 0);
    xRows = b.pointers<const float*>(pairs());
    previousRows = b.pointers<const float*>(pairs());
    takeHot(b);
    outRows = b.pointers<float*>(pairs() > width() ? pairs() : width());
  }

  float* carryOf(int64_t place) const { return carry + place * stateStride(); }
  const float* previousState(int64_t place, int64_t s) const {
    if (s > 0) return y + row(place, s - 1) * hidden;
    return h0 ? h0 + order[place] * hidden : nullptr;
  }
  void pack();
  void run(int part, int parts);
  template <int kCell>
  void gateGradients(int64_t s, int64_t place);
  void sumByInput();
  void weights();
};

// W_hh (gates x hidden) in the order of `grads`' hidden side: for a GRU n, r, z.
void Backward::pack() {
  const int64_t H = hidden, k = width();
  const float** rows = (const float**)outRows;
  for (int64_t i = 0; i < k; ++i) {
    const int64_t source = cell == kGru ? (i + 2 * H) % (3 * H) : i;
    rows[i] = weightHh + source * H;
  }
  packPanels(packed, gathered(rows), k, H);
}

template <int kCell>
D2L_INLINE void Backward::gateGradients(int64_t s, int64_t place) {
  const int64_t H = hidden, pair = offset[s] + place;
  const float* gradient = dy ? dy + row(place, s) * H : nullptr;
  const float* state = y + row(place, s) * H;
  float* back = carryOf(place);
  float* d = grads + pair * gradStride();
  const vf one = splat(1), zero = splat(0);
  if (kCell == kRnnTanh || kCell == kRnnRelu) {
    eachVector(H, [&](auto whole, int64_t i, int64_t n) {
      constexpr bool W = decltype(whole)::value;
      const vf h = loadRow<W>(state + i, n);
      vf g = loadRow<W>(back + i, n);
      if (gradient) g += loadRow<W>(gradient + i, n);
      storeRow<W>(d + i, kCell == kRnnTanh ? g * (one - h * h) : select(h > zero, g, zero), n);
      storeRow<W>(back + i, zero, n);
    });
  } else if (kCell == kGru) {
    const float* w = saved + pair * savedStride();
    const float* previous = previousState(place, s);
    eachVector(H, [&](auto whole, int64_t i, int64_t n) {
      constexpr bool W = decltype(whole)::value;
      vf g = loadRow<W>(back + i, n);
      if (gradient) g += loadRow<W>(gradient + i, n);
      const vf r = loadRow<W>(w + i, n), z = loadRow<W>(w + H + i, n);
      const vf c = loadRow<W>(w + 2 * H + i, n), hn = loadRow<W>(w + 3 * H + i, n);
      const vf h = previous ? loadRow<W>(previous + i, n) : zero;
      const vf dn = g * (one - z) * (one - c * c);
      const vf dz = g * (h - c) * z * (one - z);
      const vf dr = dn * hn * r * (one - r);
      storeRow<W>(d + i, dn * r, n);
      storeRow<W>(d + H + i, dr, n);
      storeRow<W>(d + 2 * H + i, dz, n);
      storeRow<W>(d + 3 * H + i, dn, n);
      storeRow<W>(back + i, g * z, n);
    });
  } else {
    const float* w = saved + pair * savedStride();
    const float* previous = s > 0 ? saved + (offset[s - 1] + place) * savedStride() + 4 * H
                                  : c0 ? c0 + order[place] * H : nullptr;
    float* cellBack = cellCarry + place * stateStride();
    eachVector(H, [&](auto whole, int64_t i, int64_t n) {
      constexpr bool W = decltype(whole)::value;
      vf g = loadRow<W>(back + i, n);
      if (gradient) g += loadRow<W>(gradient + i, n);
      const vf in = loadRow<W>(w + i, n), f = loadRow<W>(w + H + i, n), c = loadRow<W>(w + 2 * H + i, n);
      const vf o = loadRow<W>(w + 3 * H + i, n), t = vtanh(loadRow<W>(w + 4 * H + i, n));
      const vf before = previous ? loadRow<W>(previous + i, n) : zero;
      const vf dc = loadRow<W>(cellBack + i, n) + g * o * (one - t * t);
      storeRow<W>(d + i, dc * c * in * (one - in), n);
      storeRow<W>(d + H + i, dc * before * f * (one - f), n);
      storeRow<W>(d + 2 * H + i, dc * in * (one - c * c), n);
      storeRow<W>(d + 3 * H + i, g * t * o * (one - o), n);
      storeRow<W>(cellBack + i, dc * f, n);
      storeRow<W>(back + i, zero, n);
    });
  }
}

void Backward::run(int part, int parts) {
  const int64_t H = hidden, k = width(), panels = panelCount(H);
  const int64_t mine = shareOf(batch, part, parts);
  auto place = [&](int64_t i) { return part + i * parts; };
  for (int64_t i = 0; i < mine; ++i) {
    const int64_t p = place(i), b = order[p];
    float* h = carryOf(p);
    for (int64_t j = 0; j < H; ++j) h[j] = dhN ? dhN[b * H + j] : 0;
    for (int64_t j = H; j < stateStride(); ++j) h[j] = 0;
    if (cell == kLstm) {
      float* c = cellCarry + p * stateStride();
      for (int64_t j = 0; j < H; ++j) c[j] = dcN ? dcN[b * H + j] : 0;
    }
    if (dx) {
      float* out = dx + (b * steps + length[p]) * inputs;
      for (int64_t j = 0; j < (steps - length[p]) * inputs; ++j) out[j] = 0;
    }
  }

  constexpr int64_t kTilesAtOnce = 8;
  float* work = kVec == 4 ? tile + part * kTileRows * kBlock * kTilesAtOnce : nullptr;
  for (int64_t s = steps - 1; s >= 0; --s) {
    const int64_t running = shareOf(active(s), part, parts);
    for (int64_t i = 0; i < running; ++i) switch (cell) {
        case kRnnTanh: gateGradients<kRnnTanh>(s, place(i)); break;
        case kRnnRelu: gateGradients<kRnnRelu>(s, place(i)); break;
        case kGru: gateGradients<kGru>(s, place(i)); break;
        default: gateGradients<kLstm>(s, place(i)); break;
      }
    if (running == 0 || (s == 0 && !dh0)) continue;
    const int64_t tiles = (running + kTileRows - 1) / kTileRows;
    for (int64_t t0 = 0; t0 < tiles; t0 += kTilesAtOnce) {
      const int64_t t1 = t0 + kTilesAtOnce < tiles ? t0 + kTilesAtOnce : tiles;
      const int64_t blocks = (k + kBlock - 1) / kBlock;
      for (int64_t kb = 0; kb < blocks; ++kb) {
        const int64_t k0 = k * kb / blocks, kc = k * (kb + 1) / blocks - k0;
        for (int64_t panel = 0; panel < panels; ++panel) {
          const float* w = packed + (panel * k + k0) * kTileCols;
          for (int64_t t = t0; t < t1; ++t) {
            const int64_t first = running * t / tiles;
            const int mr = (int)(running * (t + 1) / tiles - first);
            const float* rows[kTileRows];
            for (int i = 0; i < mr; ++i) rows[i] = grads + (offset[s] + place(first + i)) * gradStride() + k0;
            float* out = carryOf(place(first)) + panel * kTileCols;
            if (work) {
              float* a = work + (t - t0) * kTileRows * kBlock;
              if (panel == 0) packRows(a, rows, mr, kc);
              tileMultiplyPacked(mr, kc, a, w, out, parts * stateStride(), true);
            } else {
              tileMultiply(mr, kc, rows, w, out, parts * stateStride(), true);
            }
          }
        }
      }
    }
  }

  for (int64_t i = 0; i < mine; ++i) {
    const int64_t p = place(i), b = order[p];
    if (dh0) __builtin_memcpy(dh0 + b * H, carryOf(p), (size_t)H * 4);
    if (dc0) __builtin_memcpy(dc0 + b * H, cellCarry + p * stateStride(), (size_t)H * 4);
  }
}

// Gradients of W_ih and of its bias for one-hot inputs.
void Backward::sumByInput() {
  const int64_t k = width(), stride = gradStride();
  parallelFor((k + kVec - 1) / kVec, 1 + 65536 / (total * kVec), [&](int64_t from, int64_t to) {
    const int64_t first = from * kVec, end = to * kVec < k ? to * kVec : k;
    for (int64_t i = 0; i < inputs; ++i)
      for (int64_t j = first; j < end; ++j) byInput[i * k + j] = 0;
    for (int64_t pair = 0; pair < total; ++pair) {
      const float* gradient = grads + pair * stride + inputSide() + first;
      float* sum = byInput + hot[pair] * k + first;
      eachVector(end - first, [&](auto whole, int64_t j, int64_t n) {
        constexpr bool W = decltype(whole)::value;
        storeRow<W>(sum + j, loadRow<W>(sum + j, n) + loadRow<W>(gradient + j, n), n);
      });
    }
    for (int64_t j = first; j < end; ++j)
      for (int64_t i = 0; i < inputs; ++i) dWeightIh[j * inputs + i] = byInput[i * k + j];
  });
  if (dBiasIh) columnSums(dBiasIh, byInput, inputs, k, k);
}

void Backward::weights() {
  const int64_t H = hidden, stride = gradStride(), k = width();
  const float* input = grads + inputSide();
  for (int64_t s = 0; s < steps; ++s)
    for (int64_t p = 0; p < active(s); ++p) {
      const int64_t pair = offset[s] + p;
      xRows[pair] = x + row(p, s) * inputs;
      previousRows[pair] = previousState(p, s);
    }
  if (dWeightIh && hot) {
    sumByInput();
  } else if (dWeightIh) {
    Gemm g;
    g.m = k; g.n = inputs; g.k = total;
    g.a = matrix(input, stride, true);
    g.b = gathered(xRows);
    g.c = dWeightIh;
    g.ldc = inputs;
    gemm(g);
  }
  if (dWeightHh) {
    const int64_t skip = h0 || steps == 0 ? 0 : active(0);  // the first state is zero then
    for (int64_t i = 0; i < k; ++i) {
      const int64_t target = cell == kGru ? (i + 2 * H) % (3 * H) : i;
      outRows[i] = dWeightHh + target * H;
    }
    Gemm g;
    g.m = k; g.n = H; g.k = total - skip;
    g.a = matrix(grads + skip * stride, stride, true);
    g.b = gathered(previousRows + skip);
    g.cRows = outRows;
    gemm(g);
  }
  if (dBiasIh && !(dWeightIh && hot)) columnSums(dBiasIh, input, total, k, stride);
  if (dBiasHh) {
    const int64_t same = cell == kGru ? 2 * H : k;  // all but a GRU's n have one gradient for both biases
    if (dBiasIh) __builtin_memcpy(dBiasHh, dBiasIh, (size_t)same * 4);
    else columnSums(dBiasHh, input, total, same, stride);
    if (cell == kGru) columnSums(dBiasHh + same, grads, total, H, stride);
  }
  if (dx) {
    for (int64_t s = 0; s < steps; ++s)
      for (int64_t p = 0; p < active(s); ++p) outRows[offset[s] + p] = dx + row(p, s) * inputs;
    Gemm g;
    g.m = total; g.n = inputs; g.k = k;
    g.a = matrix(input, stride);
    g.b = matrix(weightIh, inputs);
    g.cRows = outRows;
    gemm(g);
  }
}

}  // namespace

// Writes to argument word 0: floats of temporary memory that a backward call needs.
// cell, batch, steps, inputs, hidden
D2L_OP(recurrentGradSpace) {
  Args a;
  Backward f{};
  f.cell = a.i32();
  f.batch = a.i32();
  f.steps = a.i32();
  f.inputs = a.i32();
  f.hidden = a.i32();
  Bump b{nullptr};
  f.layout(b, f.parts());
  arguments[0] = (int32_t)b.used;
}

// cell, reverse, batch, steps, inputs, hidden, dy?, dhN?, dcN?, x, weightIh, weightHh, h0?, c0?, lengths?, y,
// workspace?, dx?, dWeightIh?, dWeightHh?, dBiasIh?, dBiasHh?, dh0?, dc0?, temporary
D2L_OP(recurrentGrad) {
  Args a;
  Backward f{};
  f.cell = a.i32();
  f.reverse = a.i32() != 0;
  f.batch = a.i32();
  f.steps = a.i32();
  f.inputs = a.i32();
  f.hidden = a.i32();
  f.dy = a.optional();
  f.dhN = a.optional();
  f.dcN = a.optional();
  f.x = a.ptr();
  f.weightIh = a.ptr();
  f.weightHh = a.ptr();
  f.h0 = a.optional();
  f.c0 = a.optional();
  f.lengths = a.optionalInts();
  f.y = a.ptr();
  f.saved = a.optional();
  f.dx = a.optional();
  f.dWeightIh = a.optional();
  f.dWeightHh = a.optional();
  f.dBiasIh = a.optional();
  f.dBiasHh = a.optional();
  f.dh0 = a.optional();
  f.dc0 = a.optional();
  Bump b{a.ptr()};
  const int parts = f.parts();
  f.layout(b, parts);
  f.plan(f.lengths);
  f.findHot(f.x);
  f.pack();
  parallel(parts, [&](int part) { f.run(part, parts); });
  f.weights();
}

}  // namespace d2l
