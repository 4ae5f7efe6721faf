// The strings of the toy mode.
import { useLocale } from '../../src/i18n/Strings.tsx';

const en = {
  label: 'Shout',
  heroTitle: 'Say it loudly',
  heroText: 'Type something quiet.',
  placeholder: 'Type quietly …',
  textLabel: 'Text to shout',
  send: 'Shout it',
  working: 'Taking a breath …',
  previewNone: 'Nothing was shouted yet.',
  answer: 'Shout',
};

const zh: typeof en = {
  label: '大喊',
  heroTitle: '大声说',
  heroText: '输入一句轻声的话。',
  placeholder: '轻声输入……',
  textLabel: '要喊的文本',
  send: '喊出来',
  working: '正在吸气……',
  previewNone: '还没有喊过。',
  answer: '喊声',
};

export const shoutStrings = { en, zh } as const;

export const useShoutStrings = () => shoutStrings[useLocale().locale];
