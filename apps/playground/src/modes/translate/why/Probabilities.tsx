// Next-token probabilities at each position of an answer; pressing one forces it.
'use client';
import { useState } from 'react';
import { isPending } from '../../../chat/conversations.ts';
import { useStrings } from '../../../i18n/Strings.tsx';
import { visiblePiece } from '../../../ui/format.ts';
import { ProbabilityList } from '../../../ui/ProbabilityList.tsx';
import { Note, type WhyProps } from '../../../ui/WhyPanel.tsx';
import { useTarget } from '../languages.ts';
import { useTranslateStrings } from '../strings.ts';
import { useTokens } from './useTokens.ts';

export function Probabilities(props: WhyProps) {
  const { version, line, onAgain } = props;
  const lang = useTarget(version.model);
  const shared = useStrings();
  const strings = useTranslateStrings();
  const [chosen, setChosen] = useState(0);
  const { tokens, failure } = useTokens(props);
  if (failure)
    return (
      <p role="alert" className="text-sm text-danger">
        {failure}
      </p>
    );
  if (tokens.length === 0) {
    const empty = !isPending(version) && !line.result?.tokens.length;
    return <Note>{empty ? shared.emptyOutput : strings.working}</Note>;
  }
  const at = Math.min(chosen, tokens.length - 1);
  const token = tokens[at]!;
  const name = (text: string) => (text === '' ? shared.endOfSentence : visiblePiece(text));
  return (
    <>
      <Note>{strings.probabilitiesText}</Note>
      <div className="mb-3 flex flex-wrap gap-1" lang={lang}>
        {tokens.map((entry, index) => (
          <button
            key={index}
            type="button"
            aria-pressed={index === at}
            data-return={index === chosen || undefined}
            onClick={() => setChosen(index)}
            onPointerEnter={() => setChosen(index)}
            className="h-8 min-w-8 rounded-lg border border-line px-2 text-sm aria-pressed:border-accent aria-pressed:bg-accent-soft"
          >
            {name(entry.text)}
          </button>
        ))}
      </div>
      <ProbabilityList
        token={token}
        lang={lang}
        name={name}
        title={strings.forceToken}
        onChoose={({ id }) => onAgain({ prefix: [...tokens.slice(0, at).map((said) => said.id), id] })}
      />
    </>
  );
}
