// One turn of the translate mode.
'use client';
import { useStrings } from '../../i18n/Strings.tsx';
import { AnswerView } from '../../ui/AnswerView.tsx';
import { useChat } from '../../ui/chatContext.tsx';
import type { AnswerProps } from '../mode.ts';
import { Why } from './why/Why.tsx';

export function Answer(props: AnswerProps) {
  const { answer, working } = useStrings();
  const models = useChat((state) => state.models.list?.models);
  const { turn } = props;
  const target = models?.find(({ id }) => id === turn.versions[turn.current]!.model)?.target;
  return <AnswerView {...props} name={answer} lang={target ?? 'fr'} working={working} Why={Why} />;
}
