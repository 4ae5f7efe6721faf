// The translate mode: a sentence in, a sentence out, and why.
import { later } from '../../ui/later.tsx';
import type { ChatMode } from '../mode.ts';
import { translateContract } from './contract.ts';
import { Hero } from './Hero.tsx';
import { sourceName, sourceOf, targetOf } from './languages.ts';
import { translateStrings } from './strings.ts';

export const translateMode: ChatMode = {
  ...translateContract,
  kind: 'chat',
  label: (locale) => translateStrings[locale].label,
  examples: [
    'I love you.',
    'Where is the train station?',
    'She is reading a book.',
    'We will be late if we don’t hurry.',
    'Could you help me, please?',
    'It is raining, so I am staying at home.',
  ],
  words: (locale, model) => ({
    ...translateStrings[locale],
    placeholder: translateStrings[locale].placeholder(sourceName(model, locale)),
  }),
  textLanguage: sourceOf,
  answerLanguage: targetOf,
  Hero,
  Answer: later(async () => (await import('./Answer.tsx')).Answer),
};
