// The BLEU that is reported while a translation model trains.
import type { Translator } from '@d2lts/attention';
import type { ReferencedSentence } from '@d2lts/core';
import { BLEU } from 'sacrebleu-ts';

/** Languages written without spaces; Chinese has a tokenizer of its own. */
const byCharacter = new Set(['ja', 'ko', 'th']);

/**
 * A metric for held-out sentences that may be as short as two words: orders that no sentence reaches do not count
 * (`eff:yes` in its signature), and languages without spaces are taken apart.
 */
export function trainingBleu(target: string): BLEU {
  const tokenize = target === 'zh' ? 'zh' : byCharacter.has(target) ? 'char' : '13a';
  return new BLEU({ effectiveOrder: true, tokenize });
}

/** The score of the model as it is, searched greedily, against the first references. */
export async function greedyBleu(
  translator: Translator,
  sentences: readonly ReferencedSentence[],
): Promise<number> {
  const sources = sentences.map(({ source }) => source);
  const translations = await translator.translate(sources, { beamSize: 1, batchSize: 32 });
  const hypotheses = translations.map(({ translation }) => translation);
  const references = [sentences.map(({ references }) => references[0]!)];
  return trainingBleu(translator.config.languages.target).corpusScore(hypotheses, references).score;
}
