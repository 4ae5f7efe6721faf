// One turn of the translate mode.
'use client';
import { useStrings } from '../../i18n/Strings.tsx';
import { AnswerView } from '../../ui/AnswerView.tsx';
import type { AnswerProps } from '../mode.ts';
import { Why } from './why/Why.tsx';

export function Answer(props: AnswerProps) {
  const { answer, working } = useStrings();
  return <AnswerView {...props} name={answer} lang="fr" working={working} Why={Why} />;
}
