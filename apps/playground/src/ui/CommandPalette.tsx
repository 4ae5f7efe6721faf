// Ctrl/Cmd+K: every command and conversation by name.
'use client';
import { useId, useState, type KeyboardEvent } from 'react';
import { modes } from '../modes/index.ts';
import { useStrings } from '../i18n/Strings.tsx';
import { useLocale } from '../i18n/Strings.tsx';
import { useChat } from './chatContext.tsx';
import { Icon, type IconName } from './Icon.tsx';
import type { Panel } from './Playground.tsx';
import { useTheme } from './Theme.tsx';

interface Command {
  id: string;
  icon: IconName;
  label: string;
  run(): void;
}

export interface CommandPaletteProps {
  onClose(): void;
  onOpen(id: string | null): void;
  onMode(mode: string): void;
  /** Whether a chat is shown, which has a model, and whether it has settings. */
  chat: boolean;
  decoding: boolean;
  onPanel(panel: Panel): void;
  onSidebar(): void;
}

export function CommandPalette({
  onClose,
  onOpen,
  onMode,
  onPanel,
  onSidebar,
  chat,
  decoding,
}: CommandPaletteProps) {
  const strings = useStrings();
  const { locale, setLocale } = useLocale();
  const { setTheme } = useTheme();
  const conversations = useChat((state) => state.conversations);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();
  const then = (action: () => void) => () => {
    onClose();
    action();
  };
  const settings: Command = {
    id: 'settings',
    icon: 'sliders',
    label: strings.decoding,
    run: () => onPanel('settings'),
  };
  const models: Command = { id: 'models', icon: 'cube', label: strings.model, run: () => onPanel('models') };
  const commands: Command[] = [
    { id: 'new', icon: 'plus', label: strings.newChat, run: () => onOpen(null) },
    ...modes.map(({ id, label }): Command => ({
      id: `mode-${id}`,
      icon: 'right',
      label: `${strings.mode}: ${label(locale)}`,
      run: then(() => onMode(id)),
    })),
    ...(decoding ? [settings] : []),
    ...(chat ? [models] : []),
    { id: 'shortcuts', icon: 'keyboard', label: strings.shortcuts, run: () => onPanel('shortcuts') },
    { id: 'sidebar', icon: 'menu', label: strings.conversations, run: then(onSidebar) },
    {
      id: 'system',
      icon: 'system',
      label: `${strings.theme}: ${strings.themeSystem}`,
      run: then(() => setTheme('system')),
    },
    {
      id: 'light',
      icon: 'sun',
      label: `${strings.theme}: ${strings.themeLight}`,
      run: then(() => setTheme('light')),
    },
    {
      id: 'dark',
      icon: 'moon',
      label: `${strings.theme}: ${strings.themeDark}`,
      run: then(() => setTheme('dark')),
    },
    {
      id: 'language',
      icon: 'globe',
      label: `${strings.language}: ${locale === 'en' ? '中文' : 'English'}`,
      run: then(() => setLocale(locale === 'en' ? 'zh' : 'en')),
    },
    ...conversations
      .slice(0, 200)
      .map(({ id, title }): Command => ({ id, icon: 'right', label: title, run: () => onOpen(id) })),
  ];
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const shown = commands.filter(({ label }) =>
    words.every((word) => label.toLocaleLowerCase().includes(word)),
  );
  const selected = Math.min(at, shown.length - 1);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(selected + 1, shown.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(selected - 1, 0));
    else if (event.key === 'Enter') shown[selected]?.run();
    else return;
    event.preventDefault();
  };
  return (
    <div className="flex flex-col">
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={shown[selected] ? `${listId}-${selected}` : undefined}
        aria-label={strings.commandsHint}
        placeholder={strings.commandsHint}
        autoFocus
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        className="h-13 border-b border-line bg-transparent px-5 text-base -outline-offset-2 placeholder:text-muted"
      />
      <ul
        id={listId}
        role="listbox"
        aria-label={strings.commands}
        className="max-h-80 overflow-y-auto p-2 scroll-thin"
      >
        {shown.map((command, index) => (
          <li
            key={command.id}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === selected}
            onPointerMove={() => setAt(index)}
            onClick={command.run}
            className={`flex cursor-pointer items-center gap-3 rounded-lg px-3 py-2 text-sm ${index === selected ? 'bg-accent-soft' : ''}`}
          >
            <Icon name={command.icon} size={16} className="text-muted" />
            <span className="truncate">{command.label}</span>
          </li>
        ))}
        {shown.length === 0 && (
          <li
            role="option"
            aria-selected="false"
            aria-disabled="true"
            className="px-3 py-2 text-sm text-muted"
          >
            {strings.noCommands}
          </li>
        )}
      </ul>
    </div>
  );
}
