// exp and log rounded correctly but for the rarest cases. JavaScript engines are off by one last bit
// now and then, C libraries hardly ever, and a score that is nearly a tie (97.5 at no digits) shows it.
// Method: double-double arithmetic (T. J. Dekker, "A floating-point technique", 1971).

// ln 2 in three parts; the first two have 32 bits, so that their products with an exponent are exact.
const LN2_HIGH = 0.6931471803691238;
const LN2_MIDDLE = 1.9082149288430703e-10;
const LN2_LOW = 4.275175589747649e-20;
const SPLITTER = 2 ** 27 + 1;

/** The rounding error of `a * b`, given the rounded product. */
function productError(a: number, b: number, product: number): number {
  const ca = SPLITTER * a;
  const cb = SPLITTER * b;
  const ah = ca - (ca - a);
  const bh = cb - (cb - b);
  const al = a - ah;
  const bl = b - bh;
  return al * bl - (product - ah * bh - al * bh - ah * bl);
}

/** The rounding error of `a + b`, given the rounded sum. */
function sumError(a: number, b: number, sum: number): number {
  const back = sum - a;
  return a - (sum - back) + (b - back);
}

// exp(x) = (high + low) * 2^exponent for |x| < 700; about 70 bits.
let low = 0;
let exponent = 0;
function expParts(x: number): number {
  exponent = Math.round(x * Math.LOG2E);
  const first = x - exponent * LN2_HIGH;
  const second = exponent * LN2_MIDDLE;
  const rest = first - second;
  // exp(t) - 1 for t = rest / 32, |t| < 0.011, then five times (1 + p)^2 - 1 = 2p + p^2.
  const t = rest / 32;
  const tLow = (sumError(first, -second, rest) - exponent * LN2_LOW) / 32;
  const square = t * t;
  const cubic =
    square * t * (1 / 6 + t * (1 / 24 + t * (1 / 120 + t * (1 / 720 + t * (1 / 5040 + t / 40320)))));
  const half = square / 2;
  const twoTerms = t + half;
  const tail = sumError(t, half, twoTerms) + (tLow + t * tLow + productError(t, t, square) / 2 + cubic);
  let p = twoTerms + tail;
  let q = tail - (p - twoTerms);
  for (let i = 0; i < 5; i++) {
    const pp = p * p;
    const sum = 2 * p + pp;
    q = 2 * q + (sumError(2 * p, pp, sum) + productError(p, p, pp) + 2 * p * q);
    p = sum + q;
    q = q - (p - sum);
  }
  const high = 1 + p;
  low = sumError(1, p, high) + q;
  return high;
}

/** e to the power of x. */
export function exp(x: number): number {
  if (!(Math.abs(x) < 700)) return Math.exp(x);
  const high = expParts(x);
  return (high + low) * 2 ** exponent;
}

/** The natural logarithm of x. */
export function log(x: number): number {
  const estimate = Math.log(x);
  if (!(Math.abs(estimate) < 700)) return estimate;
  // One Newton step: log x = y + (x * exp(-y) - 1), the correction being tiny.
  const high = expParts(-estimate);
  const scaled = x * 2 ** exponent;
  const product = scaled * high;
  return estimate + (product - 1 + (productError(scaled, high, product) + scaled * low));
}
