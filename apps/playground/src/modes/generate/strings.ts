// The strings of the generate mode.
import { useLocale } from '../../i18n/Strings.tsx';

const en = {
  label: 'Generate',
  heroTitle: 'Let it write',
  heroText:
    'Give it a beginning. A language model trained in TypeScript on this machine’s own engine goes on, and shows you what else it could have said.',
  placeholder: 'Type a beginning …',
  textLabel: 'Text to go on from',
  send: 'Generate',
  working: 'Writing …',
  previewNone: 'Send a beginning and how it goes on with the current settings appears here at once.',
  answer: 'Continuation',
  continueText: 'Go on from the end of this text',
  nextTokens: 'Next token',
  nextTokensText:
    'Press a token to see what else the model held probable there; press one of those to go on with it instead.',
  tokenBefore: 'Token before',
  tokenAfter: 'Token after',
  continueFrom: 'Continue from here',
  continueWith: (text: string) => `Go on with “${text}”`,
};

/** Every string of the mode. */
export type GenerateStrings = typeof en;

const zh: GenerateStrings = {
  label: '生成',
  heroTitle: '让它来写',
  heroText: '给它一个开头。一个用 TypeScript、在自研引擎上训练的语言模型会接着写，并告诉您它本来还能写什么。',
  placeholder: '输入一个开头……',
  textLabel: '要续写的文本',
  send: '生成',
  working: '正在写……',
  previewNone: '发送一个开头后，它在当前设置下的续写会立即显示在这里。',
  answer: '续写',
  continueText: '从这段文本的结尾继续写',
  nextTokens: '下一词元',
  nextTokensText: '按下一个词元，看模型在那里还认为什么可能；再按其中一个，就改用它继续写。',
  tokenBefore: '前一个词元',
  tokenAfter: '后一个词元',
  continueFrom: '从这里继续',
  continueWith: (text) => `用“${text}”继续`,
};

export const generateStrings = { en, zh } as const;

/** The mode's strings in the chosen language. */
export const useGenerateStrings = (): GenerateStrings => generateStrings[useLocale().locale];
