// One turn of the translate mode.
'use client';
import { AnswerView } from '../../ui/AnswerView.tsx';
import { useModelCard } from '../../ui/chatContext.tsx';
import type { AnswerProps } from '../mode.ts';
import { sourceOf, targetOf } from './languages.ts';
import { useTranslateStrings } from './strings.ts';
import { Why } from './why/Why.tsx';

export function Answer(props: AnswerProps) {
  const { answer, working } = useTranslateStrings();
  const { turn } = props;
  const model = useModelCard(turn.versions[turn.current]!.model);
  return (
    <AnswerView
      {...props}
      name={answer}
      textLang={sourceOf(model)}
      lang={targetOf(model)}
      working={working}
      Why={Why}
    />
  );
}
