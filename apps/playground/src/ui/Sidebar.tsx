// The list of conversations: open, search, rename, delete, export, import.
'use client';
import { useEffect, useRef, useState } from 'react';
import { searchConversations, type Conversation } from '../chat/conversations.ts';
import { exportHistory, importHistory } from '../chat/history.ts';
import { useStrings } from '../i18n/Strings.tsx';
import { Button, IconButton } from './buttons.tsx';
import { useChat, useChatStore } from './chatContext.tsx';
import { Dialog } from './Dialog.tsx';
import { Icon } from './Icon.tsx';
import { useToast } from './Toast.tsx';

export function Sidebar({ onOpen }: { onOpen(id: string | null): void }) {
  const strings = useStrings();
  const store = useChatStore();
  const conversations = useChat((state) => state.conversations);
  const activeId = useChat((state) => state.activeId);
  const ready = useChat((state) => state.ready);
  const [query, setQuery] = useState('');
  const [doomed, setDoomed] = useState<Conversation | null>(null);
  const shown = searchConversations(conversations, query);
  const list = useRef<HTMLUListElement>(null);
  const begin = useRef<HTMLButtonElement>(null);
  /** Where in the list one was deleted, until the focus is on what took its place. */
  const gap = useRef<number | null>(null);
  useEffect(() => {
    if (gap.current === null || doomed) return;
    const rows = list.current!.querySelectorAll<HTMLElement>('[data-row]');
    (rows[Math.min(gap.current, rows.length - 1)] ?? begin.current!).focus();
    gap.current = null;
  }, [doomed]);
  return (
    <div className="flex h-full flex-col">
      <div className="flex flex-col gap-2 p-3">
        <Button ref={begin} icon="plus" onClick={() => onOpen(null)}>
          {strings.newChat}
        </Button>
        <label className="flex items-center gap-2 rounded-lg border border-line bg-bg px-2.5 text-muted focus-within:border-accent has-focus-visible:outline-2 has-focus-visible:outline-accent">
          <Icon name="search" size={16} />
          <input
            type="search"
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            placeholder={strings.searchConversations}
            aria-label={strings.searchConversations}
            className="h-9 w-full bg-transparent text-sm text-text outline-none placeholder:text-muted"
          />
        </label>
      </div>
      <ul
        ref={list}
        className="min-h-0 flex-1 overflow-y-auto px-2 scroll-thin"
        aria-label={strings.conversations}
      >
        {shown.map((conversation) => (
          <Row
            key={conversation.id}
            conversation={conversation}
            active={conversation.id === activeId}
            onOpen={() => onOpen(conversation.id)}
            onDelete={() => setDoomed(conversation)}
          />
        ))}
        {ready && shown.length === 0 && (
          <li className="px-2 py-3 text-sm text-muted">
            {query ? strings.noMatches : strings.noConversations}
          </li>
        )}
      </ul>
      <Transfer />
      <Dialog
        open={doomed !== null}
        onClose={() => setDoomed(null)}
        title={strings.deleteConfirm(doomed?.title ?? '')}
      >
        <div className="flex flex-col gap-4 p-5">
          <p className="text-sm text-muted">{strings.deleteNote}</p>
          <div className="flex justify-end gap-2">
            <Button onClick={() => setDoomed(null)}>{strings.cancel}</Button>
            <Button
              look="danger"
              onClick={() => {
                if (!doomed) return;
                gap.current = shown.findIndex(({ id }) => id === doomed.id);
                store.remove(doomed.id);
                setDoomed(null);
              }}
            >
              {strings.delete}
            </Button>
          </div>
        </div>
      </Dialog>
    </div>
  );
}

function Row({
  conversation,
  active,
  onOpen,
  onDelete,
}: {
  conversation: Conversation;
  active: boolean;
  onOpen(): void;
  onDelete(): void;
}) {
  const strings = useStrings();
  const store = useChatStore();
  const [renaming, setRenaming] = useState(false);
  const rename = useRef<HTMLButtonElement>(null);
  const returning = useRef(false);
  useEffect(() => {
    if (renaming) returning.current = true;
    else if (returning.current) rename.current!.focus();
  }, [renaming]);
  if (renaming)
    return (
      <li>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            store.rename(conversation.id, String(new FormData(event.currentTarget).get('title') ?? ''));
            setRenaming(false);
          }}
          className="flex items-center gap-1 rounded-lg bg-raised px-1"
        >
          <input
            name="title"
            defaultValue={conversation.title}
            aria-label={strings.rename}
            autoFocus
            maxLength={120}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              event.stopPropagation();
              setRenaming(false);
            }}
            className="h-9 min-w-0 flex-1 rounded bg-transparent px-1.5 text-sm"
          />
          <button
            type="submit"
            aria-label={strings.save}
            title={strings.save}
            className="grid size-8 place-items-center rounded-lg text-muted hover:text-text"
          >
            <Icon name="check" size={16} />
          </button>
        </form>
      </li>
    );
  return (
    <li
      className={`group relative flex items-center rounded-lg ${active ? 'bg-accent-soft' : 'hover:bg-raised'}`}
    >
      <button
        type="button"
        onClick={onOpen}
        data-row
        aria-current={active ? 'true' : undefined}
        className="h-9 min-w-0 flex-1 truncate rounded-lg px-2.5 text-left text-sm"
      >
        {conversation.title}
      </button>
      <span className="flex pr-1 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
        <IconButton
          ref={rename}
          icon="edit"
          label={`${strings.rename}: ${conversation.title}`}
          className="size-7"
          onClick={() => setRenaming(true)}
        />
        <IconButton
          icon="trash"
          label={`${strings.delete}: ${conversation.title}`}
          className="size-7"
          onClick={onDelete}
        />
      </span>
    </li>
  );
}

function Transfer() {
  const strings = useStrings();
  const store = useChatStore();
  const toast = useToast();
  const file = useRef<HTMLInputElement>(null);
  const empty = useChat((state) => state.conversations.length === 0);
  const save = () => {
    const url = URL.createObjectURL(
      new Blob([exportHistory(store.getState().conversations)], { type: 'application/json' }),
    );
    const link = Object.assign(document.createElement('a'), {
      href: url,
      download: 'd2lts-conversations.json',
    });
    link.click();
    URL.revokeObjectURL(url);
    toast(strings.exportDone);
  };
  const load = async (chosen: File | undefined) => {
    if (!chosen) return;
    try {
      const conversations = importHistory(await chosen.text());
      store.merge(conversations);
      toast(strings.importDone(conversations.length));
    } catch (error) {
      toast((error as Error).message);
    }
  };
  return (
    <div className="flex gap-2 border-t border-line p-3">
      <Button icon="download" className="flex-1" onClick={save} disabled={empty}>
        {strings.exportAll}
      </Button>
      <Button icon="upload" className="flex-1" onClick={() => file.current?.click()}>
        {strings.importAll}
      </Button>
      <input
        ref={file}
        type="file"
        accept="application/json"
        hidden
        aria-label={strings.importAll}
        onChange={(event) => {
          void load(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
    </div>
  );
}
