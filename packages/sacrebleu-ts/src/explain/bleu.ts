// Why a sentence scores as it does: every n-gram as matched, clipped, unmatched or missed.

/** An n-gram of the hypothesis. */
export interface ExplainedNgram {
  tokens: string[];
  /** Positions of its first token in the hypothesis, ascending. */
  positions: number[];
  /** Occurrences that count as matches: the first ones. */
  matched: number;
  /** Highest count in any one reference. */
  referenceCount: number;
  /** `matched`: all occurrences count; `clipped`: more occurrences than any reference has; `unmatched`: in no reference. */
  status: 'matched' | 'clipped' | 'unmatched';
}

/** An n-gram that a reference has and the hypothesis lacks, or has too rarely. */
export interface MissedNgram {
  tokens: string[];
  /** Occurrences the hypothesis would need to reach the reference that has most of them. */
  missing: number;
}

/** The n-grams of one order. */
export interface ExplainedOrder {
  /** 1 for words. */
  order: number;
  matched: number;
  total: number;
  ngrams: ExplainedNgram[];
  missed: MissedNgram[];
}

/** What {@link BLEU.explain} returns. */
export interface BleuExplanation {
  /** The hypothesis as it is compared. */
  tokens: string[];
  references: string[][];
  orders: ExplainedOrder[];
}

interface Counted {
  tokens: string[];
  positions: number[];
}

function ngramsOf(tokens: readonly string[], order: number): Map<string, Counted> {
  const found = new Map<string, Counted>();
  for (let i = 0; i + order <= tokens.length; i++) {
    const ngram = tokens.slice(i, i + order);
    const key = ngram.join(' ');
    const counted = found.get(key);
    if (counted) counted.positions.push(i);
    else found.set(key, { tokens: ngram, positions: [i] });
  }
  return found;
}

function explainOrder(
  tokens: readonly string[],
  references: readonly (readonly string[])[],
  order: number,
): ExplainedOrder {
  const own = ngramsOf(tokens, order);
  const expected = new Map<string, { tokens: string[]; count: number }>();
  for (const reference of references) {
    for (const [key, { tokens: ngram, positions }] of ngramsOf(reference, order)) {
      expected.set(key, { tokens: ngram, count: Math.max(positions.length, expected.get(key)?.count ?? 0) });
    }
  }
  const ngrams = Array.from(own, ([key, { tokens: ngram, positions }]): ExplainedNgram => {
    const referenceCount = expected.get(key)?.count ?? 0;
    const status =
      referenceCount === 0 ? 'unmatched' : positions.length > referenceCount ? 'clipped' : 'matched';
    return {
      tokens: ngram,
      positions,
      matched: Math.min(positions.length, referenceCount),
      referenceCount,
      status,
    };
  });
  const missed = Array.from(expected, ([key, { tokens: ngram, count }]): MissedNgram => {
    return { tokens: ngram, missing: count - (own.get(key)?.positions.length ?? 0) };
  }).filter(({ missing }) => missing > 0);
  const matched = ngrams.reduce((sum, ngram) => sum + ngram.matched, 0);
  return { order, matched, total: Math.max(0, tokens.length - order + 1), ngrams, missed };
}

/** Explains tokens against the tokens of references, for orders 1 to `maxOrder`. */
export function explainBleu(tokens: string[], references: string[][], maxOrder: number): BleuExplanation {
  const orders = Array.from({ length: maxOrder }, (_, i) => explainOrder(tokens, references, i + 1));
  return { tokens, references, orders };
}
