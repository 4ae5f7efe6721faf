// One turn of the generate mode; a finished text can be continued.
'use client';
import { maxPromptLength } from './contract.ts';
import { textOf } from '../../chat/conversations.ts';
import { useStrings } from '../../i18n/Strings.tsx';
import { AnswerView } from '../../ui/AnswerView.tsx';
import { IconButton } from '../../ui/buttons.tsx';
import type { AnswerProps } from '../mode.ts';
import { Why } from './Why.tsx';

export function Answer(props: AnswerProps) {
  const { continuation, continueText, generateWorking } = useStrings();
  return (
    <AnswerView
      {...props}
      name={continuation}
      lang="en"
      working={generateWorking}
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
