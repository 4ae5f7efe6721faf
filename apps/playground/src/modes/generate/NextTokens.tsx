// The text token by token: one of them chosen, what else was probable there, and how to go on from it.
'use client';
import { Fragment, useRef, useState, type KeyboardEvent } from 'react';
import { maxPromptLength } from './contract.ts';
import { isPending } from '../../chat/conversations.ts';
import { useStrings } from '../../i18n/Strings.tsx';
import { Button, IconButton } from '../../ui/buttons.tsx';
import { visiblePiece } from '../../ui/format.ts';
import { ProbabilityList } from '../../ui/ProbabilityList.tsx';
import { Note, type WhyProps } from '../../ui/WhyPanel.tsx';
import { useGenerateStrings } from './strings.ts';

const name = (text: string) => (/^[\r\n]+$/.test(text) ? '⏎' : visiblePiece(text));

/** The positions of the tokens of each word, so that a line does not break inside one; very long ones are cut. */
function words(texts: readonly string[]): number[][] {
  const groups: number[][] = [];
  texts.forEach((text, index) => {
    const group = groups.at(-1);
    const before = texts[index - 1] ?? '';
    if (!group || /^[^\S\r\n]/.test(text) || /\s$/.test(before) || group.length >= 24) groups.push([index]);
    else group.push(index);
  });
  return groups;
}

export function NextTokens({ version, line, onAgain }: WhyProps) {
  const shared = useStrings();
  const strings = useGenerateStrings();
  const [chosen, setChosen] = useState(0);
  const group = useRef<HTMLDivElement>(null);
  const { tokens } = line;
  if (tokens.length === 0) return <Note>{isPending(version) ? strings.working : shared.stopped}</Note>;
  const at = Math.min(chosen, tokens.length - 1);
  /** The beginning and what was said before a position. */
  const before = (index: number) =>
    version.source +
    tokens
      .slice(0, index)
      .map(({ text }) => text)
      .join('');
  const goOn = (source: string) => {
    setChosen(0);
    onAgain({ source });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const next = Math.min(Math.max(at + move, 0), tokens.length - 1);
    setChosen(next);
    group.current!.querySelectorAll('button')[next]!.focus();
  };
  return (
    <>
      <Note>{strings.nextTokensText}</Note>
      <div
        ref={group}
        role="group"
        aria-label={strings.answer}
        lang="en"
        onKeyDown={onKeyDown}
        className="mb-3 max-h-60 overflow-y-auto leading-relaxed scroll-thin"
      >
        {words(tokens.map(({ text }) => text)).map((group) => (
          <Fragment key={group[0]}>
            <span className="whitespace-pre">
              {group.map((index) => {
                const { text } = tokens[index]!;
                return (
                  <button
                    key={index}
                    type="button"
                    aria-label={name(text)}
                    aria-pressed={index === at}
                    tabIndex={index === at ? 0 : -1}
                    data-return={index === 0 || undefined}
                    onClick={() => setChosen(index)}
                    className="inline rounded-sm whitespace-pre hover:bg-raised aria-pressed:bg-accent-soft aria-pressed:text-accent aria-pressed:outline aria-pressed:outline-accent"
                  >
                    {text.replaceAll(/\r?\n/g, '⏎')}
                  </button>
                );
              })}
            </span>
            {/\n/.test(tokens[group.at(-1)!]!.text) ? <br /> : <wbr />}
          </Fragment>
        ))}
      </div>
      {tokens[at]!.top.length === 0 ? (
        <Note>{shared.notKept}</Note>
      ) : (
        <ProbabilityList
          token={tokens[at]!}
          lang="en"
          name={name}
          title={strings.continueWith}
          onChoose={({ text }) => goOn(before(at) + text)}
        />
      )}
      <div className="mt-3 flex items-center gap-1">
        <IconButton
          icon="left"
          label={strings.tokenBefore}
          inactive={at === 0}
          onClick={() => setChosen(at - 1)}
        />
        <IconButton
          icon="right"
          label={strings.tokenAfter}
          inactive={at === tokens.length - 1}
          onClick={() => setChosen(at + 1)}
        />
        <Button disabled={before(at + 1).length > maxPromptLength} onClick={() => goOn(before(at + 1))}>
          {strings.continueFrom}
        </Button>
      </div>
    </>
  );
}
