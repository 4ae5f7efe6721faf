// Numbers printed as Python prints them: `f'{x:.2f}'` and `repr(x)`.

/** A double as an integer times a power of two: `mantissa * 2 ** exponent`, sign in the mantissa. */
export function decompose(x: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = biased === 0 ? fraction : fraction | 0x10000000000000n;
  return { mantissa: bits >> 63n ? -magnitude : magnitude, exponent: Math.max(biased, 1) - 1075 };
}

// Exact decimal expansion rounded half to even, for ties and for more digits than toFixed offers.
function formatExact(x: number, digits: number): string {
  const { mantissa, exponent } = decompose(Math.abs(x));
  let scaled = mantissa * 10n ** BigInt(digits);
  if (exponent >= 0) scaled <<= BigInt(exponent);
  else {
    const shift = BigInt(-exponent);
    const half = 1n << (shift - 1n);
    const rest = scaled & ((1n << shift) - 1n);
    scaled >>= shift;
    if (rest > half || (rest === half && scaled & 1n)) scaled += 1n;
  }
  const text = scaled.toString().padStart(digits + 1, '0');
  const sign = x < 0 || Object.is(x, -0) ? '-' : '';
  return sign + (digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`);
}

/** `f'{x:.{digits}f}'`: like `toFixed`, but exact ties go to the even digit. */
export function formatFixed(x: number, digits: number): string {
  if (Number.isNaN(x)) return 'nan';
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf';
  if (digits > 99 || Math.abs(x) >= 1e21 || Object.is(x, -0)) return formatExact(x, digits);
  return x.toFixed(digits + 1).endsWith('5') ? formatExact(x, digits) : x.toFixed(digits);
}

/** `json.dumps(x)` of a Python float: always with a point or an exponent, exponents outside 1e-4..1e16. */
export function floatRepr(x: number): string {
  if (Number.isNaN(x)) return 'NaN';
  if (!Number.isFinite(x)) return x > 0 ? 'Infinity' : '-Infinity';
  const size = Math.abs(x);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return x.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  const text = Object.is(x, -0) ? '-0' : String(x);
  return text.includes('.') ? text : `${text}.0`;
}
