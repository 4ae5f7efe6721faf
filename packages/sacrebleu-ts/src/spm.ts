// Optional entry `sacrebleu-ts/spm`: BLEU tokenizers from SentencePiece models; runs in browsers too.

import { createBpe } from './spm/bpe.ts';
import { readModel } from './spm/model.ts';
import { createNormalizer } from './spm/normalizer.ts';
import { createUnigram } from './spm/unigram.ts';
import { defineTokenizer, type Tokenizer } from './tokenizers/types.ts';

/** Names under which signatures list SentencePiece tokenizers. */
export type SentencePieceName = 'flores101' | 'flores200' | 'spBLEU-1K';

const encoder = new TextEncoder();

function byteNames(text: string): string[] {
  return Array.from(
    encoder.encode(text),
    (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  );
}

/**
 * A tokenizer from the bytes of a SentencePiece `.model` file (unigram or BPE).
 *
 * @param model the file's bytes
 * @param signature the name that signatures show; sacreBLEU's name for that very model, or your own
 * @throws SacreBleuError `INVALID_MODEL`
 */
export function sentencePieceTokenizer(
  model: Uint8Array,
  signature: SentencePieceName | (string & {}),
): Tokenizer {
  const spm = readModel(model);
  const normalize = createNormalizer(spm);
  const segment = spm.algorithm === 'bpe' ? createBpe(spm) : createUnigram(spm);
  return defineTokenizer(signature, (line) => {
    const pieces: string[] = [];
    let afterUnknown = false;
    for (const { text, unknown } of segment(normalize(line))) {
      // Unknown characters become bytes if the model has them, else one piece a run.
      if (unknown && spm.byteFallback) pieces.push(...byteNames(text));
      else if (unknown && afterUnknown) pieces.push(pieces.pop()! + text);
      else pieces.push(text);
      afterUnknown = unknown && !spm.byteFallback;
    }
    return pieces.join(' ');
  });
}
