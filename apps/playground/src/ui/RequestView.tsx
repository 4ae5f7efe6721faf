// The request behind an answer, as a command to paste.
'use client';
import { askOf, requestBody } from '../chat/client.ts';
import { useStrings } from '../i18n/Strings.tsx';
import { Button } from './buttons.tsx';
import { useChat } from './chatContext.tsx';
import { useCopy } from './useCopy.ts';
import { Note, type WhyProps } from './WhyPanel.tsx';

export function RequestView({ version }: WhyProps) {
  const strings = useStrings();
  const copy = useCopy();
  const mode = useChat(
    ({ conversations, activeId }) => conversations.find(({ id }) => id === activeId)?.mode ?? 'translate',
  );
  const body = JSON.stringify({ ...requestBody(mode, askOf(version)), stream: false }, null, 2);
  const command = [
    `curl -s ${location.origin}/api/v1/${mode}`,
    `-H 'Content-Type: application/json'`,
    `-d '${body.replaceAll("'", String.raw`'\''`)}'`,
  ].join(' \\\n  ');
  return (
    <>
      <Note>
        {strings.requestText}{' '}
        <a className="text-accent underline" href="/api/v1/openapi.json" target="_blank" rel="noreferrer">
          openapi.json
        </a>
      </Note>
      <pre
        tabIndex={0}
        aria-label={strings.request}
        role="region"
        className="overflow-x-auto rounded-xl bg-raised p-3 font-mono text-xs scroll-thin"
      >
        {command}
      </pre>
      <Button icon="copy" className="mt-3" onClick={() => copy(command)}>
        {strings.copy}
      </Button>
    </>
  );
}
