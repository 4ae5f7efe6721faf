// Conversions between float32 and the two 16-bit float formats, rounding to nearest even.

const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

/** The bits of the IEEE half-precision number nearest to `value`. */
export function toFloat16Bits(value: number): number {
  float[0] = value;
  const bits = word[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // rounds to infinity: 65520 and above
  if (magnitude >= 0x38800000) {
    // Normal: move the exponent's bias from 127 to 15 and round 23 fraction bits to 10.
    const moved = magnitude - 0x38000000;
    return sign | ((moved + 0xfff + ((moved >>> 13) & 1)) >>> 13);
  }
  if (magnitude < 0x33000000) return sign; // under half of the smallest subnormal
  // Subnormal: shift the fraction with its leading one into place.
  const shift = 126 - (magnitude >>> 23);
  const fraction = (magnitude & 0x7fffff) | 0x800000;
  const kept = fraction >>> shift;
  const half = 1 << (shift - 1);
  const rest = fraction & ((1 << shift) - 1);
  const up = rest > half || (rest === half && (kept & 1) === 1);
  return sign | (kept + (up ? 1 : 0));
}

/** The value of a half-precision number's bits. */
export function fromFloat16Bits(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The bits of the bfloat16 number nearest to `value`. */
export function toBfloat16Bits(value: number): number {
  float[0] = value;
  const bits = word[0]!;
  if ((bits & 0x7fffffff) > 0x7f800000) return ((bits >>> 16) & 0x8000) | 0x7fc0; // NaN
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/** The value of a bfloat16 number's bits. */
export function fromBfloat16Bits(bits: number): number {
  word[0] = bits << 16;
  return float[0]!;
}

let halfTable: Float32Array | undefined;

/** Decodes many half-precision numbers through a table of all 65,536 values. */
export function decodeFloat16(source: Uint16Array, target: Float32Array, at: number): void {
  halfTable ??= Float32Array.from({ length: 65536 }, (_, bits) => fromFloat16Bits(bits));
  for (let i = 0; i < source.length; i++) target[at + i] = halfTable[source[i]!]!;
}

/** Decodes many bfloat16 numbers. */
export function decodeBfloat16(source: Uint16Array, target: Float32Array, at: number): void {
  const bits = new Uint32Array(target.buffer, target.byteOffset, target.length);
  for (let i = 0; i < source.length; i++) bits[at + i] = source[i]! << 16;
}
