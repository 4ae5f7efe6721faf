// The panel under an answer that shows how it came about, one tab for each view.
'use client';
import { useId, useState, type ComponentType, type KeyboardEvent, type ReactNode } from 'react';
import type { Line, Version } from '../chat/conversations.ts';
import type { Strings } from '../i18n/en.ts';
import { useStrings } from '../i18n/Strings.tsx';
import type { Change } from './AnswerView.tsx';

/** What every view of the panel is given. */
export interface WhyProps {
  version: Version;
  line: Line;
  /** Makes a new version of the turn. */
  onAgain(change: Change): void;
}

/** A tab of the panel. */
export interface WhyView {
  id: string;
  label(strings: Strings): string;
  View: ComponentType<WhyProps>;
}

interface WhyPanelProps {
  version: Version;
  views: readonly WhyView[];
  /** The view shown first. */
  initial: string;
  onAgain(change: Change): void;
}

export function WhyPanel({ version, views, initial, onAgain }: WhyPanelProps) {
  const strings = useStrings();
  const id = useId();
  const [view, setView] = useState(initial);
  const [lineIndex, setLineIndex] = useState(0);
  const line = version.lines[Math.min(lineIndex, version.lines.length - 1)]!;
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
            {entry.label(strings)}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${view}`} className="p-4">
        {version.lines.length > 1 && (
          <div className="mb-3 flex flex-wrap gap-1">
            {version.lines.map((_, index) => (
              <button
                key={index}
                type="button"
                aria-pressed={index === lineIndex}
                onClick={() => setLineIndex(index)}
                className="h-8 rounded-lg border border-line px-2.5 text-xs aria-pressed:border-accent aria-pressed:bg-accent-soft"
              >
                {strings.line(index + 1)}
              </button>
            ))}
          </div>
        )}
        <View version={version} line={line} onAgain={onAgain} />
      </div>
    </div>
  );
}

/** The sentence above or instead of a view. */
export function Note({ children }: { children: ReactNode }) {
  return <p className="mb-3 text-sm text-muted">{children}</p>;
}
