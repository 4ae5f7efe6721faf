// Next-token probabilities at each position of a greedy or sampled answer; pressing one forces it.
'use client';
import { useState } from 'react';
import { useStrings } from '../../../i18n/Strings.tsx';
import { formatProbability, visiblePiece } from '../../../ui/format.ts';
import { Note, type WhyProps } from './view.tsx';

export function Probabilities({ version, line, onForce }: WhyProps) {
  const strings = useStrings();
  const [chosen, setChosen] = useState(0);
  if (line.tokens.length === 0)
    return <Note>{version.settings.strategy === 'beam' ? strings.probabilitiesNone : strings.working}</Note>;
  const at = Math.min(chosen, line.tokens.length - 1);
  const token = line.tokens[at]!;
  const name = (text: string) => (text === '' ? strings.endOfSentence : visiblePiece(text));
  return (
    <>
      <Note>{strings.probabilitiesText}</Note>
      <div className="mb-3 flex flex-wrap gap-1" lang="fr">
        {line.tokens.map((entry, index) => (
          <button
            key={index}
            type="button"
            aria-pressed={index === at}
            onClick={() => setChosen(index)}
            onPointerEnter={() => setChosen(index)}
            className="h-8 rounded-lg border border-line px-2 text-sm aria-pressed:border-accent aria-pressed:bg-accent-soft"
          >
            {name(entry.text)}
          </button>
        ))}
      </div>
      <ol className="flex flex-col gap-1">
        {token.top.map((option) => (
          <li key={option.id}>
            <button
              type="button"
              title={strings.forceToken(name(option.text))}
              onClick={() => onForce([...line.tokens.slice(0, at).map(({ id }) => id), option.id])}
              className="grid w-full grid-cols-[minmax(5rem,8rem)_1fr_3.5rem] items-center gap-3 rounded-lg px-2 py-1 text-left text-sm hover:bg-raised"
            >
              <span className="truncate" lang="fr">
                {name(option.text)}
              </span>
              <span className="h-2.5 overflow-hidden rounded-full bg-raised">
                <span
                  className={`block h-full rounded-full ${option.id === token.id ? 'bg-accent' : 'bg-muted'}`}
                  style={{ width: `${Math.exp(option.logProb) * 100}%` }}
                />
              </span>
              <span className="text-right text-muted tabular-nums">{formatProbability(option.logProb)}</span>
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}
