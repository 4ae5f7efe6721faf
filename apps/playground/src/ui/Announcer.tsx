// Reads answers out while they are made: each finished sentence or line once, in its language; never token by token.
'use client';
import { useState } from 'react';
import { isPending, type Conversation } from '../chat/conversations.ts';
import { spokenParts } from '../chat/spoken.ts';
import { useLocale, useStrings } from '../i18n/Strings.tsx';
import type { ChatMode } from '../modes/mode.ts';
import { useModelCard } from './chatContext.tsx';

interface AnnouncerProps {
  mode: ChatMode;
  conversation: Conversation | undefined;
}

export function Announcer({ mode, conversation }: AnnouncerProps) {
  const strings = useStrings();
  const { locale } = useLocale();
  const versions = conversation?.turns.flatMap((turn) => turn.versions) ?? [];
  // Whichever is being made, wherever it is; then the same until another one is.
  const [id, setId] = useState('');
  const started = versions.findLast(isPending)?.id;
  if (started !== undefined && started !== id) setId(started);
  const version = versions.find((entry) => entry.id === id);
  const model = useModelCard(version?.model ?? '');
  const lang = mode.answerLanguage(model);
  const parts = version ? spokenParts(version, lang) : [];
  return (
    <div aria-live="polite" className="sr-only" data-testid="announcer">
      {parts.map((part, index) => (
        <p key={`${id} ${index}`} lang={lang}>
          {part}
        </p>
      ))}
      {version?.status === 'error' ? (
        <p key="error">
          {strings.errorTitle}: {version.error?.message}
        </p>
      ) : version?.status === 'stopped' ? (
        <p key="stopped">{strings.stopped}</p>
      ) : version && parts.length === 0 ? (
        <p key={version.status}>
          {isPending(version) ? mode.words(locale, model).working : strings.emptyOutput}
        </p>
      ) : null}
    </div>
  );
}
