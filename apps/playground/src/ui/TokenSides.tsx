// The tokens that look and those looked at, as two sentences: the one pointed at shows what it is tied to on the other side.
'use client';
import { useState, type KeyboardEvent } from 'react';
import { useStrings } from '../i18n/Strings.tsx';
import { heat, type Place, type WeightProps } from './weights.ts';

interface TokenSidesProps extends WeightProps {
  at: Place | null;
  onPlace(at: Place | null): void;
  /** Id of the text that tells about the place. */
  describedBy: string;
}

export function TokenSides({ outputs, sources, weights, at, onPlace, describedBy }: TokenSidesProps) {
  const strings = useStrings();
  const row = at && at.row >= 0 ? at.row : undefined;
  const column = at && at.column >= 0 ? at.column : undefined;
  const shared = { describedBy, onLeave: () => onPlace(null) };
  return (
    <div className="mb-4 grid grid-cols-1 gap-x-3 gap-y-2 text-sm sm:grid-cols-[auto_1fr]">
      <Side
        {...shared}
        name={strings.seenTokens}
        tokens={sources}
        chosen={column}
        weightOf={row === undefined ? undefined : (index) => weights[row]![index]!}
        onChoose={(index) => onPlace({ row: -1, column: index })}
      />
      <Side
        {...shared}
        name={strings.lookingTokens}
        tokens={outputs}
        chosen={row}
        weightOf={column === undefined ? undefined : (index) => weights[index]![column]!}
        onChoose={(index) => onPlace({ row: index, column: -1 })}
      />
    </div>
  );
}

interface SideProps {
  name: string;
  tokens: readonly string[];
  chosen: number | undefined;
  /** How strongly a token is tied to the one chosen on the other side. */
  weightOf: ((index: number) => number) | undefined;
  describedBy: string;
  onChoose(index: number): void;
  onLeave(): void;
}

function Side({ name, tokens, chosen, weightOf, describedBy, onChoose, onLeave }: SideProps) {
  const [stop, setStop] = useState(0);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const to = { ArrowRight: stop + 1, ArrowLeft: stop - 1, Home: 0, End: tokens.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.min(tokens.length - 1, Math.max(0, to));
    event.currentTarget.querySelectorAll('button')[next]!.focus();
  };
  const reached = Math.min(stop, tokens.length - 1);
  return (
    <>
      <span className="pt-1 text-xs text-muted" aria-hidden="true">
        {name}
      </span>
      <div
        role="group"
        aria-label={name}
        onKeyDown={onKeyDown}
        onPointerLeave={onLeave}
        className="flex min-w-0 flex-wrap gap-1"
      >
        {tokens.map((token, index) => (
          <button
            key={index}
            type="button"
            tabIndex={index === reached ? 0 : -1}
            aria-pressed={index === chosen}
            aria-describedby={index === chosen ? describedBy : undefined}
            onPointerEnter={() => onChoose(index)}
            onFocus={() => {
              setStop(index);
              onChoose(index);
            }}
            className="min-w-6 rounded px-1 pt-0.5 aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent"
          >
            {token}
            <span
              className="block h-1 rounded-full"
              style={{ backgroundColor: weightOf && heat(weightOf(index)) }}
            />
          </button>
        ))}
      </div>
    </>
  );
}
