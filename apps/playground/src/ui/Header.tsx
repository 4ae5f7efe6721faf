// The bar at the top: conversations, the mode, language, theme, shortcuts, commands.
'use client';
import { locales } from '../i18n/locale.ts';
import { useLocale, useStrings } from '../i18n/Strings.tsx';
import { modes } from '../modes/index.ts';
import { IconButton } from './buttons.tsx';
import type { Panel } from './Playground.tsx';
import { themes } from './preferences.ts';
import { useTheme } from './Theme.tsx';

/** What the button to a language says. */
const localeNames = { en: 'EN', zh: '中文' } as const;
const themeIcons = { system: 'system', light: 'sun', dark: 'moon' } as const;

export interface HeaderProps {
  mode: string;
  onMode(mode: string): void;
  sidebarShown: boolean;
  onMenu(): void;
  onNew(): void;
  onPanel(panel: Panel): void;
}

export function Header({ mode, onMode, sidebarShown, onMenu, onNew, onPanel }: HeaderProps) {
  const strings = useStrings();
  const { locale, setLocale } = useLocale();
  const { theme, setTheme } = useTheme();
  const themeName = { system: strings.themeSystem, light: strings.themeLight, dark: strings.themeDark }[
    theme
  ];
  const nextTheme = themes[(themes.indexOf(theme) + 1) % themes.length]!;
  const nextLocale = locales[(locales.indexOf(locale) + 1) % locales.length]!;
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 border-b border-line px-2 sm:px-3">
      <IconButton
        icon="menu"
        label={sidebarShown ? strings.conversations : strings.openSidebar}
        aria-keyshortcuts="Control+B Meta+B"
        onClick={onMenu}
      />
      <p className="ml-1 font-semibold tracking-tight max-sm:sr-only">
        {strings.appName} <span className="font-normal text-muted">{strings.appTagline}</span>
      </p>
      <nav aria-label={strings.mode} className="min-w-0 overflow-x-auto scroll-thin sm:ml-4">
        <ul className="flex w-max rounded-lg bg-raised p-0.5">
          {modes.map(({ id, label }) => (
            <li key={id}>
              <button
                type="button"
                aria-current={id === mode ? 'page' : undefined}
                onClick={() => onMode(id)}
                className="h-8 rounded-md px-1.5 text-sm sm:px-2.5 text-muted hover:text-text aria-[current=page]:bg-surface aria-[current=page]:text-text aria-[current=page]:shadow-panel"
              >
                {label(locale)}
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <div className="ml-auto flex shrink-0 items-center">
        <IconButton
          icon="search"
          label={strings.commands}
          aria-keyshortcuts="Control+K Meta+K"
          onClick={() => onPanel('palette')}
        />
        <IconButton
          icon="keyboard"
          label={strings.shortcuts}
          className="max-sm:hidden"
          onClick={() => onPanel('shortcuts')}
        />
        <button
          type="button"
          aria-label={`${strings.language}: ${localeNames[nextLocale]}`}
          title={strings.language}
          onClick={() => setLocale(nextLocale)}
          className="grid h-9 min-w-9 place-items-center rounded-lg px-2 text-sm font-medium text-muted hover:bg-raised hover:text-text max-sm:hidden"
        >
          {localeNames[nextLocale]}
        </button>
        <IconButton
          icon={themeIcons[theme]}
          label={`${strings.theme}: ${themeName}`}
          onClick={() => setTheme(nextTheme)}
        />
        <IconButton icon="plus" label={strings.newChat} onClick={onNew} />
      </div>
    </header>
  );
}
