// Against Moses' own tokenizer.perl and multi-bleu.perl.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { scoreCorpus } from '../train/scoreCorpus.ts';
import { type MosesLanguage, hasMosesRules, mosesTokens } from './mosesTokens.ts';

const golden = JSON.parse(readFileSync(new URL('golden/moses.json', import.meta.url), 'utf8')) as {
  lines: Record<MosesLanguage, { text: string; tokens: string }[]>;
  scores: { language: MosesLanguage; hypotheses: string[]; references: string[]; multiBleu: number }[];
};

it.each(Object.entries(golden.lines))('cuts %s as tokenizer.perl does', (language, lines) => {
  expect(lines.length).toBeGreaterThan(12);
  for (const { text, tokens } of lines) expect(mosesTokens(text, language as MosesLanguage)).toBe(tokens);
});

it.each(golden.scores)(
  'scores $language as multi-bleu.perl -lc does',
  ({ language, hypotheses, references, multiBleu }) => {
    const sentences = references.map((reference) => ({ references: [reference] }));
    const { bleu, bleuLowercase } = scoreCorpus(hypotheses, sentences, { target: language });
    expect(bleuLowercase.score.toFixed(2)).toBe(multiBleu.toFixed(2));
    expect(bleuLowercase).toMatchObject({
      tokens: 'Moses',
      signature: expect.stringMatching(/^nrefs:1\|case:lc\|eff:no\|tok:none\|smooth:exp\|/) as string,
    });
    expect(bleu.signature).toContain('tok:13a');
  },
);

it('keeps short texts and knows its languages', () => {
  for (const text of ['', ' ', '.', '...', "'", ',']) expect(mosesTokens(text, 'fr')).toBe(text.trim());
  expect(['de', 'en', 'fr', 'zh', 'toString'].filter(hasMosesRules)).toEqual(['de', 'en', 'fr']);
});
