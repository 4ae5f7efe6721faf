// One turn of the generate mode; a finished text can be continued.
'use client';
import { maxPromptLength } from './contract.ts';
import { textOf } from '../../chat/conversations.ts';
import { AnswerView } from '../../ui/AnswerView.tsx';
import { IconButton } from '../../ui/buttons.tsx';
import type { AnswerProps } from '../mode.ts';
import { useGenerateStrings } from './strings.ts';
import { Why } from './Why.tsx';

export function Answer(props: AnswerProps) {
  const { answer, continueText, working } = useGenerateStrings();
  return (
    <AnswerView
      {...props}
      name={answer}
      textLang="en"
      lang="en"
      working={working}
      Why={Why}
      actions={(version, again, pending) => {
        const source = version.source + textOf(version);
        return (
          <IconButton
            icon="down"
            label={continueText}
            inactive={pending || source.length > maxPromptLength}
            onClick={() => again({ source })}
          />
        );
      }}
    />
  );
}
