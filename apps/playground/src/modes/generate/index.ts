// The generate mode: a beginning in, its continuation out, and what else was probable.
import type { ChatMode } from '../mode.ts';
import { Answer } from './Answer.tsx';
import { generateContract } from './contract.ts';
import { Hero } from './Hero.tsx';

export const generateMode: ChatMode = {
  ...generateContract,
  kind: 'chat',
  label: (strings) => strings.modeGenerate,
  examples: [
    'ROMEO:\n',
    'JULIET:\nO ',
    'First Citizen:\nWe are ',
    'To be, or not to be',
    'KING RICHARD III:\nMy ',
    'Once upon a time',
  ],
  words: (strings) => ({
    placeholder: strings.generatePlaceholder,
    textLabel: strings.generateLabel,
    send: strings.generateSend,
    working: strings.generateWorking,
    previewNone: strings.generatePreviewNone,
  }),
  answerLanguage: () => 'en',
  Hero,
  Answer,
};
