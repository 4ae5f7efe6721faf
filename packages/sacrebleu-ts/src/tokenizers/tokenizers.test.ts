// The MeCab seam, the version in signatures, and characters whose treatment depends on Unicode's version.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BLEU, getTokenizer, mecabTokenizer, TOKENIZER_NAMES, tokenizeZh, VERSION } from '../index.ts';

describe('mecabTokenizer', () => {
  it('strips, segments and signs as sacreBLEU does', () => {
    const japanese = mecabTokenizer({
      language: 'ja',
      version: '0.996',
      segment: (line) => `${Array.from(line).join(' ')} \n`,
    });
    expect(japanese('\u3000今日は ')).toBe('今 日 は');
    const score = new BLEU({ tokenize: japanese }).corpusScore(['今日は晴れ'], [['今日は晴れ']]);
    expect(score.signature.format()).toContain('tok:ja-mecab-0.996-IPA');
    expect(mecabTokenizer({ language: 'ko', version: '0.996', segment: String }).signature).toBe(
      'ko-mecab-0.996-KO',
    );
  });
});

describe('tokenizers by name', () => {
  it('sign with their names', () => {
    for (const name of TOKENIZER_NAMES.slice(0, 5)) expect(getTokenizer(name).signature).toBe(name);
  });

  it('zh separates the punctuation that the original table covers by accident, and no supplementary character', () => {
    expect(tokenizeZh('“你”—a𠀀b')).toBe('“ 你 ” — a𠀀b');
  });
});

describe('version', () => {
  it('is the package\u2019s', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(VERSION).toBe(manifest.version);
  });
});
