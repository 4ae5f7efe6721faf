// Philox4x32-10, a counter-based generator: four 32-bit words are a pure function of a counter and a key.
// Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).

const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;
const m0High = multiplier0 >>> 16;
const m0Low = multiplier0 & 0xffff;
const m1High = multiplier1 >>> 16;
const m1Low = multiplier1 & 0xffff;

/** Writes the four words of one block to `out[at .. at + 3]`; counter and key words are 32-bit integers. */
export function philoxBlock(
  out: Uint32Array,
  at: number,
  counter0: number,
  counter1: number,
  counter2: number,
  counter3: number,
  key0: number,
  key1: number,
): void {
  let x0 = counter0 | 0;
  let x1 = counter1 | 0;
  let x2 = counter2 | 0;
  let x3 = counter3 | 0;
  let k0 = key0 | 0;
  let k1 = key1 | 0;
  for (let round = 0; round < 10; round++) {
    // The high half of a 32 x 32 bit product, from 16-bit halves: no partial sum leaves 32 bits.
    const a = x0 >>> 16;
    const b = x0 & 0xffff;
    const u = (Math.imul(a, m0Low) + (Math.imul(b, m0Low) >>> 16)) | 0;
    const v = (Math.imul(b, m0High) + (u & 0xffff)) | 0;
    const high0 = (Math.imul(a, m0High) + (u >>> 16) + (v >>> 16)) | 0;
    const low0 = Math.imul(x0, multiplier0);

    const c = x2 >>> 16;
    const d = x2 & 0xffff;
    const s = (Math.imul(c, m1Low) + (Math.imul(d, m1Low) >>> 16)) | 0;
    const t = (Math.imul(d, m1High) + (s & 0xffff)) | 0;
    const high1 = (Math.imul(c, m1High) + (s >>> 16) + (t >>> 16)) | 0;
    const low1 = Math.imul(x2, multiplier1);

    x0 = high1 ^ x1 ^ k0;
    x1 = low1;
    x2 = high0 ^ x3 ^ k1;
    x3 = low0;
    k0 = (k0 + weyl0) | 0;
    k1 = (k1 + weyl1) | 0;
  }
  out[at] = x0;
  out[at + 1] = x1;
  out[at + 2] = x2;
  out[at + 3] = x3;
}

/**
 * Fills `out` with the words of the blocks with counters (0, 0, 0, 0), (1, 0, 0, 0), … under a key: word `i` is
 * lane `i & 3` of block `i >> 2`. The dropout kernels use the halves of exactly these words, with the key from `Rng.seedPair`.
 */
export function philoxFill(out: Uint32Array, key: readonly [number, number]): Uint32Array {
  const whole = out.length & ~3;
  for (let i = 0; i < whole; i += 4) philoxBlock(out, i, i >>> 2, 0, 0, 0, key[0], key[1]);
  if (whole < out.length) {
    const last = new Uint32Array(4);
    philoxBlock(last, 0, whole >>> 2, 0, 0, 0, key[0], key[1]);
    for (let i = whole; i < out.length; i++) out[i] = last[i - whole]!;
  }
  return out;
}
