// What was probable at one position of an answer, likeliest first; pressing one chooses it.
import type { OutputToken, ScoredToken } from '../api/types.ts';
import { formatProbability } from './format.ts';

export interface ProbabilityListProps {
  /** The token that was taken, with what else was probable. */
  token: OutputToken;
  lang: string | undefined;
  name(text: string): string;
  /** What pressing a token does. */
  title(name: string): string;
  onChoose(token: ScoredToken): void;
}

export function ProbabilityList({ token, lang, name, title, onChoose }: ProbabilityListProps) {
  return (
    <ol className="flex flex-col gap-1">
      {token.top.map((option) => (
        <li key={option.id}>
          <button
            type="button"
            title={title(name(option.text))}
            onClick={() => onChoose(option)}
            className="grid w-full grid-cols-[minmax(5rem,8rem)_1fr_3.5rem] items-center gap-3 rounded-lg px-2 py-1 text-left text-sm hover:bg-raised"
          >
            <span className="truncate" lang={lang}>
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
  );
}
