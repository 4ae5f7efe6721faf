// What the page says when drawing it failed: by itself, so that a working page does not load all strings twice.
import type { Locale } from './locale.ts';

export const brokenStrings: Record<
  Locale,
  Record<'broken' | 'brokenText' | 'drawAgain' | 'startEmpty', string>
> = {
  en: {
    broken: 'The page broke',
    brokenText:
      'Draw it again. If it breaks again, start without the conversation that was open; nothing is deleted.',
    drawAgain: 'Draw it again',
    startEmpty: 'Start without this conversation',
  },
  zh: {
    broken: '页面出错了',
    brokenText: '请重新绘制。如果再次出错，请在不打开当前对话的情况下开始；不会删除任何内容。',
    drawAgain: '重新绘制',
    startEmpty: '不打开此对话并开始',
  },
};
