// The keys of the page in one list.
'use client';
import { useStrings } from '../i18n/Strings.tsx';
import { hasCommandKey } from './useShortcuts.ts';

export function ShortcutSheet() {
  const strings = useStrings();
  const command = hasCommandKey() ? '⌘' : 'Ctrl';
  const rows: [string[], string][] = [
    [['Enter'], strings.shortcutSend],
    [['Shift', 'Enter'], strings.shortcutLine],
    [['Esc'], strings.shortcutStop],
    [['↑'], strings.shortcutEditLast],
    [[command, 'K'], strings.shortcutPalette],
    [[command, 'B'], strings.shortcutSidebar],
    [['?'], strings.shortcutHelp],
    [['←', '↑', '↓', '→'], strings.shortcutCells],
  ];
  return (
    <dl className="grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-3 p-5 text-sm">
      {rows.map(([keys, text]) => (
        <div key={text} className="contents">
          <dt className="flex gap-1">
            {keys.map((key) => (
              <kbd
                key={key}
                className="rounded-md border border-line bg-raised px-2 py-0.5 font-sans text-xs"
              >
                {key}
              </kbd>
            ))}
          </dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
