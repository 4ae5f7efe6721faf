// Counts the pieces that texts are cut into before a model sees them: what tokenizers are trained on.
import { readNormalizer } from './pipeline/normalizers.ts';
import { readPreTokenizer } from './pipeline/preTokenizers.ts';
import type { TokenizerJson } from './tokenizerJson.ts';

/** Each piece with its count, in order of first appearance, as the tokenizer itself will normalize and cut. */
export function countPieces(
  texts: Iterable<string>,
  parts: Pick<TokenizerJson, 'normalizer' | 'pre_tokenizer'>,
): Map<string, number> {
  const normalize = readNormalizer(parts.normalizer);
  const preTokenize = readPreTokenizer(parts.pre_tokenizer);
  const counts = new Map<string, number>();
  for (const text of texts) {
    const piece = { text, atStart: true };
    normalize?.(piece);
    if (piece.text === '') continue;
    for (const { text: word } of preTokenize([piece])) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}
