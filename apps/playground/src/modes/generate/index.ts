// The generate mode: a beginning in, its continuation out, and what else was probable.
import type { ChatMode } from '../mode.ts';
import { Answer } from './Answer.tsx';
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
  Answer,
};
