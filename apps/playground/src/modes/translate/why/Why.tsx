// The panel under an answer that shows how it came about, one tab for each view.
'use client';
import { useId, useState, type ComponentType, type KeyboardEvent } from 'react';
import type { Version } from '../../../chat/conversations.ts';
import type { Strings } from '../../../i18n/en.ts';
import { useStrings } from '../../../i18n/Strings.tsx';
import { Attention } from './Attention.tsx';
import { BeamTree } from './BeamTree.tsx';
import { Candidates } from './Candidates.tsx';
import { Compare } from './Compare.tsx';
import { Probabilities } from './Probabilities.tsx';
import { RequestView } from './RequestView.tsx';
import { Score } from './Score.tsx';
import type { WhyProps } from './view.tsx';

const views: { id: string; label(strings: Strings): string; View: ComponentType<WhyProps> }[] = [
  { id: 'candidates', label: (strings) => strings.candidates, View: Candidates },
  { id: 'attention', label: (strings) => strings.attention, View: Attention },
  { id: 'tree', label: (strings) => strings.beamTree, View: BeamTree },
  { id: 'probabilities', label: (strings) => strings.probabilities, View: Probabilities },
  { id: 'score', label: (strings) => strings.scoreTab, View: Score },
  { id: 'compare', label: (strings) => strings.compare, View: Compare },
  { id: 'request', label: (strings) => strings.request, View: RequestView },
];

export function Why({ version, onForce }: { version: Version; onForce(prefix: number[]): void }) {
  const strings = useStrings();
  const id = useId();
  const [view, setView] = useState(version.settings.strategy === 'beam' ? 'candidates' : 'probabilities');
  const [lineIndex, setLineIndex] = useState(0);
  const line = version.lines[Math.min(lineIndex, version.lines.length - 1)]!;
  const { View } = views.find((entry) => entry.id === view)!;

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const next = views[(views.findIndex((entry) => entry.id === view) + move + views.length) % views.length]!;
    setView(next.id);
    document.getElementById(`${id}-${next.id}`)?.focus();
  };
  return (
    <section
      aria-label={strings.why}
      className="mt-2 overflow-hidden rounded-2xl border border-line bg-surface rise"
    >
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
        <View version={version} line={line} onForce={onForce} />
      </div>
    </section>
  );
}
