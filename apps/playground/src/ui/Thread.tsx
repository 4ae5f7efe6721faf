// The middle of the page: the empty page with examples, or the turns of the conversation.
'use client';
import { Suspense, useEffect, useRef, type RefObject } from 'react';
import { isPending, type Conversation } from '../chat/conversations.ts';
import { useStrings } from '../i18n/Strings.tsx';
import type { ChatMode } from '../modes/mode.ts';
import { Announcer } from './Announcer.tsx';
import { useChat } from './chatContext.tsx';
import { Icon } from './Icon.tsx';

export interface ThreadProps {
  mode: ChatMode;
  conversation: Conversation | undefined;
  onExample(text: string): void;
  onEdit(turnId: string): void;
}

export function Thread({ mode, conversation, onExample, onEdit }: ThreadProps) {
  const strings = useStrings();
  const storageFull = useChat((state) => state.storageFull);
  const scroller = useRef<HTMLDivElement>(null);
  const isEmpty = conversation === undefined;
  useEffect(() => {
    if (isEmpty) scroller.current!.scrollTop = 0;
  }, [isEmpty]);
  return (
    <div ref={scroller} className="relative min-h-0 flex-1 overflow-y-auto scroll-thin" tabIndex={-1}>
      {storageFull && (
        <p
          role="alert"
          className="mx-auto mt-3 flex max-w-3xl items-center gap-2 rounded-xl bg-danger-soft px-4 py-2 text-sm"
        >
          <Icon name="alert" className="text-danger" />
          {strings.failedToSave}
        </p>
      )}
      {conversation && <h1 className="sr-only">{conversation.title}</h1>}
      {conversation ? (
        <Suspense>
          <Turns mode={mode} conversation={conversation} onEdit={onEdit} scroller={scroller} />
        </Suspense>
      ) : (
        <div className="mx-auto flex min-h-full max-w-3xl flex-col justify-center gap-8 px-4 py-8 sm:px-6">
          <mode.Hero />
          <section aria-label={strings.examples}>
            <ul className="grid gap-2 sm:grid-cols-2">
              {mode.examples.map((text) => (
                <li key={text}>
                  <button
                    type="button"
                    lang="en"
                    onClick={() => onExample(text)}
                    className="flex h-full w-full items-center justify-between gap-3 rounded-xl border border-line bg-surface px-4 py-3 text-left text-sm hover:border-accent hover:bg-accent-soft"
                  >
                    {text}
                    <Icon name="right" size={14} className="text-muted" />
                  </button>
                </li>
              ))}
            </ul>
          </section>
        </div>
      )}
      <Announcer mode={mode} conversation={conversation} />
    </div>
  );
}

function Turns({
  mode,
  conversation: { id, turns },
  onEdit,
  scroller,
}: Pick<ThreadProps, 'mode' | 'onEdit'> & {
  conversation: Conversation;
  scroller: RefObject<HTMLDivElement | null>;
}) {
  const pending = turns.at(-1)?.versions.some(isPending) ?? false;
  useStickToBottom(scroller, id, turns.length, pending);
  return (
    <ol className="mx-auto flex max-w-3xl flex-col gap-8 px-4 py-6 sm:px-6">
      {turns.map((turn) => (
        <li key={turn.id}>
          <mode.Answer conversationId={id} turn={turn} onEdit={() => onEdit(turn.id)} />
        </li>
      ))}
    </ol>
  );
}

/** Follows an answer that is being written, unless the reader has scrolled up. */
function useStickToBottom(
  scroller: RefObject<HTMLDivElement | null>,
  id: string,
  turns: number,
  pending: boolean,
): void {
  useEffect(() => {
    const element = scroller.current!;
    element.scrollTop = element.scrollHeight;
  }, [scroller, id, turns]);
  useEffect(() => {
    const element = scroller.current!;
    const content = element.querySelector('ol');
    if (!content || !pending) return;
    let sticking = element.scrollHeight - element.scrollTop - element.clientHeight < 48;
    const onScroll = () => {
      sticking = element.scrollHeight - element.scrollTop - element.clientHeight < 48;
    };
    const observer = new ResizeObserver(() => {
      if (sticking) element.scrollTop = element.scrollHeight;
    });
    observer.observe(content);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      // What the end of the answer adds, such as an error, comes after this effect.
      requestAnimationFrame(() => {
        if (sticking) element.scrollTop = element.scrollHeight;
      });
      element.removeEventListener('scroll', onScroll);
    };
  }, [scroller, id, turns, pending]);
}
