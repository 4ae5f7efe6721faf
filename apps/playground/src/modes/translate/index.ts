// The translate mode: a sentence in, a sentence out, and why.
import { targetOf } from '../../ui/chatContext.tsx';
import type { ChatMode } from '../mode.ts';
import { Answer } from './Answer.tsx';
import { translateContract } from './contract.ts';
import { Hero } from './Hero.tsx';

export const translateMode: ChatMode = {
  ...translateContract,
  kind: 'chat',
  label: (strings) => strings.modeTranslate,
  examples: [
    'I love you.',
    'Where is the train station?',
    'She is reading a book.',
    'We will be late if we don’t hurry.',
    'Could you help me, please?',
    'It is raining, so I am staying at home.',
  ],
  words: ({ placeholder, textLabel, send, working, previewNone }) => ({
    placeholder,
    textLabel,
    send,
    working,
    previewNone,
  }),
  answerLanguage: targetOf,
  Hero,
  Answer,
};
