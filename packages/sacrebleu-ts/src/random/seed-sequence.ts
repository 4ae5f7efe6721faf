// numpy's SeedSequence: spreads an integer seed over as many 32-bit words as a generator needs.
// Method: M. E. O'Neill, "Developing a seed_seq alternative" (pcg-random.org, 2015).

const POOL_SIZE = 4;

function entropyWords(seed: bigint): number[] {
  const words: number[] = [];
  for (let rest = seed; rest > 0n; rest >>= 32n) words.push(Number(rest & 0xffffffffn));
  return words.length === 0 ? [0] : words;
}

/** A hash whose multiplier changes at every call. */
function hasher(initial: number, multiplier: number): (value: number) => number {
  let constant = initial;
  return (value) => {
    const keyed = value ^ constant;
    constant = Math.imul(constant, multiplier);
    const hashed = Math.imul(keyed, constant);
    return hashed ^ (hashed >>> 16);
  };
}

function mix(x: number, y: number): number {
  const mixed = (Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y)) | 0;
  return mixed ^ (mixed >>> 16);
}

/** `np.random.SeedSequence(seed).generate_state(words, np.uint32)`. */
export function seedWords(seed: bigint, words: number): Uint32Array {
  const entropy = entropyWords(seed);
  const hash = hasher(0x43b0d7e5, 0x931e8875);
  const pool = Array.from({ length: POOL_SIZE }, (_, i) => hash(entropy[i] ?? 0));
  for (let source = 0; source < POOL_SIZE; source++) {
    for (let target = 0; target < POOL_SIZE; target++) {
      if (source !== target) pool[target] = mix(pool[target]!, hash(pool[source]!));
    }
  }
  for (const word of entropy.slice(POOL_SIZE)) {
    for (let target = 0; target < POOL_SIZE; target++) pool[target] = mix(pool[target]!, hash(word));
  }
  const output = hasher(0x8b51f9dd, 0x58f38ded);
  return Uint32Array.from({ length: words }, (_, i) => output(pool[i % POOL_SIZE]!));
}
