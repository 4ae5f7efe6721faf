// BLEU, chrF and TER of an output against the user's reference, and which words matched.
import { BLEU, CHRF, TER, type TokenizerName } from 'sacrebleu-ts';
import type { ScoreResult } from './contract.ts';

/** For each token of the hypothesis, the longest n-gram through it that the reference has too (0 for none). */
function longestMatches(explanation: ReturnType<BLEU['explain']>): number[] {
  const longest = explanation.tokens.map(() => 0);
  for (const { order, ngrams } of explanation.orders)
    for (const { positions, matched } of ngrams)
      for (const start of positions.slice(0, matched))
        for (let i = start; i < start + order; i += 1) longest[i] = Math.max(longest[i]!, order);
  return longest;
}

/** How BLEU takes languages apart that are written without spaces, as `d2l train` does. */
const tokenizers: Record<string, TokenizerName> = { zh: 'zh', ja: 'char', ko: 'char', th: 'char' };
const tokenizerOf = (target: string) => (Object.hasOwn(tokenizers, target) ? tokenizers[target]! : '13a');

/** Scores one output; sentence BLEU uses the effective order, as sacreBLEU advises. */
export function scoreText(hypothesis: string, reference: string, target: string): ScoreResult {
  const bleu = new BLEU({ effectiveOrder: true, tokenize: tokenizerOf(target) });
  const cjk = target === 'zh' || target === 'ja';
  const ter = new TER({ normalized: cjk, asianSupport: cjk });
  const scores = [bleu, new CHRF(), ter].map((metric) => metric.sentenceScore(hypothesis, [reference]));
  const explanation = bleu.explain(hypothesis, [reference]);
  const longest = longestMatches(explanation);
  return {
    scores: scores.map(({ name, score, signature }) => ({
      name,
      value: score,
      signature: signature.format(),
    })),
    tokens: explanation.tokens.map((text, i) => ({ text, match: longest[i]! })),
  };
}
