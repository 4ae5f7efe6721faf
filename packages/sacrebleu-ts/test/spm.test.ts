// SentencePiece tokenizers against Python's sentencepiece, on tiny models trained by generate_spm.py.

import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BLEU, SacreBleuError } from '../src/index.ts';
import { loadSentencePiece } from '../src/node.ts';
import { sentencePieceTokenizer } from '../src/spm.ts';

interface Expected {
  lines: string[];
  pieces: Record<string, string[]>;
}

// SPM_CHECK names a folder of larger models made by generate_spm.py.
const check = process.env['SPM_CHECK'];
const folders = [new URL('./golden/', import.meta.url), ...(check ? [pathToFileURL(`${check}/`)] : [])];

describe.each(folders)('models in %s', (folder) => {
  const { lines, pieces } = JSON.parse(readFileSync(new URL('spm.json', folder), 'utf8')) as Expected;
  it.each(Object.entries(pieces))('%s', async (name, expected) => {
    const tokenize = await loadSentencePiece(fileURLToPath(new URL(`${name}.model`, folder)), name);
    expect(tokenize.signature).toBe(name);
    lines.forEach((line, i) => expect(tokenize(line), JSON.stringify(line)).toBe(expected[i]));
  });
});

describe('sentencePieceTokenizer', () => {
  const model = readFileSync(new URL('./golden/bpe.model', import.meta.url));

  it('serves as the tokenizer of BLEU', () => {
    const bleu = new BLEU({ tokenize: sentencePieceTokenizer(model, 'flores200') });
    const score = bleu.corpusScore(['The cat sat on the mat.'], [['The cat sat on the mat.']]);
    expect(score.score).toBeCloseTo(100, 9);
    expect(score.signature.format()).toContain('|tok:flores200|');
  });

  it.each([0, 1, 2, 5, 100, 1000, -1])('refuses a file cut to %i bytes or plain text', (length) => {
    const broken =
      length < 0 ? new TextEncoder().encode('no model at all, just text') : model.subarray(0, length);
    expect(() => sentencePieceTokenizer(broken, 'x')).toThrow(SacreBleuError);
  });

  it('survives any damaged byte: an error or a tokenizer, never a crash of another kind', () => {
    for (let at = 0; at < model.length; at += 37) {
      const damaged = Uint8Array.from(model);
      damaged[at]! ^= 0xff;
      try {
        sentencePieceTokenizer(damaged, 'x')('The cat sat on the ﬁne mat…');
      } catch (error) {
        expect(error).toBeInstanceOf(SacreBleuError);
      }
    }
  });
});
