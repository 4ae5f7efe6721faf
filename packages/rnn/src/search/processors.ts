// Processors: small rules that change the next token's log-probabilities before a search looks at them.
import type { SearchOptions } from './options.ts';

/** Changes a row of log-probabilities in place, knowing the tokens so far (without the begin token). */
export interface LogitsProcessor {
  process(logProbs: Float32Array, tokens: readonly number[]): void;
}

/** Forbids tokens. */
export class BanTokens implements LogitsProcessor {
  constructor(private readonly tokens: readonly number[]) {}

  process(logProbs: Float32Array): void {
    for (const token of this.tokens) logProbs[token] = -Infinity;
  }
}

/** Forbids the end token until there are `minLength` others. */
export class MinLength implements LogitsProcessor {
  constructor(
    private readonly minLength: number,
    private readonly eos: number,
  ) {}

  process(logProbs: Float32Array, tokens: readonly number[]): void {
    if (tokens.length < this.minLength) logProbs[this.eos] = -Infinity;
  }
}

/** Forbids a token that would complete an n-gram for the second time. */
export class NoRepeatNgram implements LogitsProcessor {
  constructor(private readonly size: number) {}

  process(logProbs: Float32Array, tokens: readonly number[]): void {
    const { size } = this;
    if (tokens.length < size) return;
    const tail = tokens.length - (size - 1); // where the last size − 1 tokens start
    for (let start = 0; start + size <= tokens.length; start++) {
      let same = true;
      for (let i = 0; i < size - 1 && same; i++) same = tokens[start + i] === tokens[tail + i];
      if (same) logProbs[tokens[start + size - 1]!] = -Infinity;
    }
  }
}

/** Makes used tokens less likely (CTRL, https://arxiv.org/abs/1909.05858, section 4.1), on log-probabilities. */
export class RepetitionPenalty implements LogitsProcessor {
  constructor(private readonly penalty: number) {}

  process(logProbs: Float32Array, tokens: readonly number[]): void {
    for (const token of new Set(tokens)) logProbs[token]! *= this.penalty;
  }
}

/** The processors that a search's options ask for, in the order in which they act. */
export function processorsOf(options: Omit<SearchOptions, 'maxLength' | 'prefixes'>): LogitsProcessor[] {
  const { minLength = 0, noRepeatNgram = 0, repetitionPenalty = 1, bannedTokens = [], eos } = options;
  const processors: LogitsProcessor[] = [];
  if (repetitionPenalty !== 1) processors.push(new RepetitionPenalty(repetitionPenalty));
  if (bannedTokens.length > 0) processors.push(new BanTokens(bannedTokens));
  if (noRepeatNgram > 0) processors.push(new NoRepeatNgram(noRepeatNgram));
  if (minLength > 0 && eos !== undefined) processors.push(new MinLength(minLength, eos));
  return [...processors, ...(options.processors ?? [])];
}
