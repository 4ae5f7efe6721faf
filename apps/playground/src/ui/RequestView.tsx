// The request behind what the page shows, as a command to paste.
'use client';
import type { ReactNode } from 'react';
import { askOf } from '../chat/client.ts';
import { useStrings } from '../i18n/Strings.tsx';
import { contractOf } from '../modes/contract.ts';
import { Button } from './buttons.tsx';
import { useChat } from './chatContext.tsx';
import { useCopy } from './useCopy.ts';
import { Note, type WhyProps } from './WhyPanel.tsx';

interface RequestProps {
  /** Of the route, without the origin. */
  path: string;
  /** What the page sends. */
  body: object;
}

/** Texts beyond this length are cut where they are shown, not where they are copied. */
const longestShown = 4000;

function Command({ path, body }: RequestProps) {
  const strings = useStrings();
  const copy = useCopy();
  const json = JSON.stringify(body, null, 2);
  const command = [
    // Without a buffer, so that events are seen as they come.
    `curl -N ${location.origin}${path}`,
    `-H 'Content-Type: application/json'`,
    `-d '${json.replaceAll("'", String.raw`'\''`)}'`,
  ].join(' \\\n  ');
  return (
    <>
      <pre
        tabIndex={0}
        aria-label={strings.request}
        role="region"
        className="max-h-80 overflow-auto rounded-xl bg-raised p-3 font-mono text-xs scroll-thin"
      >
        {command.length > longestShown ? `${command.slice(0, longestShown)} …` : command}
      </pre>
      <Button icon="copy" className="mt-3" onClick={() => copy(command)}>
        {strings.copy}
      </Button>
    </>
  );
}

/** The tab of an answer: the request that it came from. */
export function RequestView({ version }: WhyProps) {
  const strings = useStrings();
  const mode = useChat(
    ({ conversations, activeId }) => conversations.find(({ id }) => id === activeId)?.mode,
  );
  const { id, requestBody } = contractOf(mode);
  return (
    <>
      <Note>
        {strings.requestText}{' '}
        <a className="text-accent underline" href="/api/v1/openapi.json" target="_blank" rel="noreferrer">
          openapi.json
        </a>
      </Note>
      <Command path={`/api/v1/${id}`} body={{ ...requestBody(askOf(version)), stream: true }} />
    </>
  );
}

/** Below a form or a view: the request that it makes, and what is to say of it. */
export function RequestDetails({
  className = '',
  children,
  ...request
}: RequestProps & { className?: string; children?: ReactNode }) {
  const strings = useStrings();
  return (
    <details className={`text-sm ${className}`}>
      <summary className="w-fit cursor-pointer py-0.5 text-muted hover:text-text">
        {strings.viewRequest}
      </summary>
      <div className="mt-2">
        {children && <Note>{children}</Note>}
        <Command {...request} />
      </div>
    </details>
  );
}
