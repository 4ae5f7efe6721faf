// The generate mode: a beginning in, its continuation out, and what else was probable.
import { maxPromptLength } from '../../api/limits.ts';
import type { ChatMode } from '../mode.ts';
import { Answer } from './Answer.tsx';
import { Hero } from './Hero.tsx';

export const generateMode: ChatMode = {
  kind: 'chat',
  id: 'generate',
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
  strategies: ['greedy', 'sampling'],
  longestText: maxPromptLength,
  verbatim: true,
  Hero,
  Answer,
};
