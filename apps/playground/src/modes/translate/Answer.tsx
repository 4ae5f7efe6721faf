// One turn of the translate mode.
'use client';
import { useStrings } from '../../i18n/Strings.tsx';
import { AnswerView } from '../../ui/AnswerView.tsx';
import { useTarget } from '../../ui/chatContext.tsx';
import type { AnswerProps } from '../mode.ts';
import { Why } from './why/Why.tsx';

export function Answer(props: AnswerProps) {
  const { answer, working } = useStrings();
  const { turn } = props;
  const target = useTarget(turn.versions[turn.current]!.model);
  return <AnswerView {...props} name={answer} lang={target} working={working} Why={Why} />;
}
