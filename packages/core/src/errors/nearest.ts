// The nearest valid name to a mistyped one, for "did you mean" advice.

/** The candidate with the smallest edit distance to `name`, if it is near enough to be a likely typing error. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const target = name.slice(0, 64).toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(target.length / 2)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(target, candidate.slice(0, 64).toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Advice for an unknown name: `did you mean "lr"? Valid: lr, momentum`. */
export function adviseName(name: string, candidates: Iterable<string>): string {
  const valid = [...candidates];
  const nearest = nearestName(name, valid);
  const list = `valid: ${valid.join(', ')}`;
  return nearest === undefined ? list : `did you mean ${JSON.stringify(nearest)}? (${list})`;
}

/** Levenshtein distance with the swap of two neighbours counted as one edit. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let distance = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) distance = Math.min(distance, beforeLast[j - 2]! + 1);
      row.push(distance);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
