// The panel under an answer that shows how it came about, one tab for each view.
'use client';
import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type ComponentType,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { emptyLine, isPending, type Line, type Version } from '../chat/conversations.ts';
import type { Strings } from '../i18n/en.ts';
import type { Locale } from '../i18n/locale.ts';
import { useLocale, useStrings } from '../i18n/Strings.tsx';
import type { Change } from './AnswerView.tsx';

/**
 * What every view of the panel is given. The panel outlives a version: a view shows whichever it is given, and marks with
 * `data-return` what shall have the focus once the version that it asked for is there.
 */
export interface WhyProps {
  version: Version;
  line: Line;
  /** Makes a new version of the turn; a forced beginning is for the line shown. */
  onAgain(change: Change): void;
}

/** A tab of the panel. */
export interface WhyView {
  id: string;
  label(strings: Strings, locale: Locale): string;
  View: ComponentType<WhyProps>;
}

interface WhyPanelProps {
  version: Version;
  views: readonly WhyView[];
  /** The view shown first. */
  initial: string;
  /** Lines of the answer, with those still to come. */
  lines: number;
  onAgain(change: Change): void;
}

export function WhyPanel({ version, views, initial, lines, onAgain }: WhyPanelProps) {
  const strings = useStrings();
  const { locale } = useLocale();
  const id = useId();
  const [view, setView] = useState(initial);
  const [chosenLine, setLine] = useState(0);
  const lineIndex = Math.min(chosenLine, lines - 1);
  const line = version.lines[lineIndex] ?? emptyLine;
  const { panel, leave } = useKeptPlace(version);
  const again = (change: Change) => {
    leave();
    onAgain(change.prefix ? { ...change, prefixLine: lineIndex } : change);
  };
  const { View } = views.find((entry) => entry.id === view)!;

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const at = views.findIndex((entry) => entry.id === view);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = views[(to + views.length) % views.length]!;
    setView(next.id);
    document.getElementById(`${id}-${next.id}`)?.focus();
  };
  return (
    <div className="mt-2 overflow-hidden rounded-2xl border border-line bg-surface rise">
      <div
        role="tablist"
        aria-label={strings.why}
        onKeyDown={onKeyDown}
        className="flex overflow-x-auto border-b border-line px-2 scroll-thin"
      >
        {views.map((entry) => (
          <button
            key={entry.id}
            id={`${id}-${entry.id}`}
            type="button"
            role="tab"
            aria-selected={entry.id === view}
            aria-controls={`${id}-panel`}
            tabIndex={entry.id === view ? 0 : -1}
            onClick={() => setView(entry.id)}
            className="-mb-px h-10 shrink-0 border-b-2 border-transparent px-3 text-sm text-muted -outline-offset-2 hover:text-text aria-selected:border-accent aria-selected:text-text"
          >
            {entry.label(strings, locale)}
          </button>
        ))}
      </div>
      <div
        ref={panel}
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${view}`}
        tabIndex={-1}
        data-keeps-focus
        className="p-4 -outline-offset-2"
      >
        {lines > 1 && (
          <div className="mb-3 flex flex-wrap gap-1">
            {Array.from({ length: lines }, (_, index) => (
              <button
                key={index}
                type="button"
                aria-pressed={index === lineIndex}
                onClick={() => setLine(index)}
                className="h-8 rounded-lg border border-line px-2.5 text-xs aria-pressed:border-accent aria-pressed:bg-accent-soft"
              >
                {strings.line(index + 1)}
              </button>
            ))}
          </div>
        )}
        <View version={version} line={line} onAgain={again} />
      </div>
    </div>
  );
}

/** Keeps the panel's height while another version is made, and after `leave` the focus. */
function useKeptPlace(version: Version) {
  const panel = useRef<HTMLDivElement>(null);
  const height = useRef(0);
  const watcher = useRef<MutationObserver>(undefined);
  const pending = isPending(version);
  useLayoutEffect(() => {
    const element = panel.current!;
    element.style.minHeight = pending ? `${height.current}px` : '';
    if (pending) return;
    const observer = new ResizeObserver(() => {
      height.current = element.offsetHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [pending]);
  useEffect(() => () => watcher.current?.disconnect(), []);
  const leave = () => {
    const element = panel.current!;
    watcher.current?.disconnect();
    watcher.current = new MutationObserver((_, observer) => {
      const { activeElement } = document;
      if (activeElement !== document.body && activeElement !== element) {
        // Whoever has gone elsewhere meanwhile stays there.
        if (!element.contains(activeElement)) observer.disconnect();
        return;
      }
      const target = element.querySelector<HTMLElement>('[data-return]');
      (target ?? element).focus({ preventScroll: true });
      target?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    });
    watcher.current.observe(element, { childList: true, subtree: true });
  };
  return { panel, leave };
}

/** The sentence above or instead of a view. */
export function Note({ children }: { children: ReactNode }) {
  return <p className="mb-3 text-sm text-muted">{children}</p>;
}
