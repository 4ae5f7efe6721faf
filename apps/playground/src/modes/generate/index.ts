// The generate mode: a beginning in, its continuation out, and what else was probable.
import { later } from '../../ui/later.tsx';
import type { ChatMode } from '../mode.ts';
import { generateContract } from './contract.ts';
import { Hero } from './Hero.tsx';
import { generateStrings } from './strings.ts';

export const generateMode: ChatMode = {
  ...generateContract,
  kind: 'chat',
  label: (locale) => generateStrings[locale].label,
  examples: [
    'ROMEO:\n',
    'JULIET:\nO ',
    'First Citizen:\nWe are ',
    'To be, or not to be',
    'KING RICHARD III:\nMy ',
    'Once upon a time',
  ],
  words: (locale) => generateStrings[locale],
  textLanguage: () => 'en',
  answerLanguage: () => 'en',
  Hero,
  Answer: later(async () => (await import('./Answer.tsx')).Answer),
};
