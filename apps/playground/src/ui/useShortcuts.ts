// The keys that work everywhere on the page.
'use client';
import { useEffect, useRef } from 'react';

export interface ShortcutHandlers {
  onPalette(): void;
  onSidebar(): void;
  onHelp(): void;
  onEscape(): void;
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Whether commands are given with ⌘, as on a Mac, where Ctrl moves the caret; in the browser only. */
export const hasCommandKey = (): boolean => /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Listens for Ctrl/Cmd+K, Ctrl/Cmd+B, `?` and Esc. */
export function useShortcuts(handlers: ShortcutHandlers): void {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const command = (hasCommandKey() ? event.metaKey : event.ctrlKey) && !event.shiftKey && !event.altKey;
      if (command && event.key.toLowerCase() === 'k') latest.current.onPalette();
      else if (command && event.key.toLowerCase() === 'b') latest.current.onSidebar();
      else if (event.key === '?' && !isTyping(event.target)) latest.current.onHelp();
      else if (event.key === 'Escape') return latest.current.onEscape();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
