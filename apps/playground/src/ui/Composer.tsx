// The text box with its buttons: model, decoding, send or stop.
'use client';
import type { KeyboardEvent, Ref, RefObject } from 'react';
import { useLocale, useStrings } from '../i18n/Strings.tsx';
import { useChat, useChatStore, useModelCard } from './chatContext.tsx';
import { hasSettings } from '../modes/contract.ts';
import type { ChatMode } from '../modes/mode.ts';
import { Icon } from './Icon.tsx';
import type { Panel } from './Playground.tsx';
import { useStrategyNames } from './strategies.ts';

export interface ComposerProps {
  mode: ChatMode;
  ref: RefObject<HTMLTextAreaElement | null>;
  draft: string;
  onDraft(text: string): void;
  editing: boolean;
  onCancelEdit(): void;
  onSend(text: string): void;
  onEditLast(): void;
  onPanel(panel: Panel): void;
  pending: boolean;
}

export function Composer(props: ComposerProps) {
  const { mode, ref, draft, onDraft, editing, onSend, pending } = props;
  const strings = useStrings();
  const { locale } = useLocale();
  const model = useModelCard(useChat((state) => state.model));
  const words = mode.words(locale, model);
  const store = useChatStore();
  const hasModel = useChat((state) => state.models.status !== 'ready' || state.model !== '');
  const length = draft.length;
  const sendable = (mode.verbatim ? draft : draft.trim()) !== '' && length <= mode.longestText && hasModel;
  const send = () => sendable && onSend(mode.verbatim ? draft : draft.trim());

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return; // an input method is choosing a character
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'ArrowUp' && draft === '') {
      event.preventDefault();
      props.onEditLast();
    }
  };

  return (
    <div className="px-3 pt-2 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-6">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
        className="mx-auto w-full max-w-3xl rounded-2xl border border-line bg-surface shadow-panel focus-within:border-accent has-[textarea:focus-visible]:outline-2 has-[textarea:focus-visible]:outline-accent"
      >
        {editing && (
          <p className="flex items-center justify-between px-4 pt-2 text-xs text-muted">
            {strings.edit}
            <button type="button" className="h-6 rounded px-1 underline" onClick={props.onCancelEdit}>
              {strings.cancel}
            </button>
          </p>
        )}
        <textarea
          id="text"
          ref={ref as Ref<HTMLTextAreaElement>}
          value={draft}
          onChange={(event) => onDraft(event.target.value)}
          onKeyDown={onKeyDown}
          rows={1}
          lang={mode.textLanguage(model)}
          dir="auto"
          placeholder={words.placeholder}
          aria-label={words.textLabel}
          aria-keyshortcuts="Enter"
          data-return
          className="block field-sizing-content max-h-48 min-h-12 w-full resize-none overflow-y-auto rounded-2xl bg-transparent px-4 pt-3 pb-1 text-base outline-none scroll-thin placeholder:text-muted"
        />
        <div className="flex items-center gap-1 p-2">
          <Chips onPanel={props.onPanel} decoding={hasSettings(mode)} />
          <span className="ml-auto min-w-0 truncate px-1 text-xs text-danger" role="status">
            {length > mode.longestText && strings.tooLong(length, mode.longestText)}
          </span>
          {pending && draft === '' ? (
            <button
              type="button"
              aria-label={strings.stop}
              title={`${strings.stop} (Esc)`}
              aria-keyshortcuts="Escape"
              onClick={() => {
                store.stop();
                ref.current?.focus();
              }}
              className="grid size-10 shrink-0 place-items-center rounded-xl bg-text text-bg"
            >
              <Icon name="stop" />
            </button>
          ) : (
            <button
              type="submit"
              aria-label={words.send}
              title={`${words.send} (Enter)`}
              disabled={!sendable}
              className="grid size-10 shrink-0 place-items-center rounded-xl bg-accent text-on-accent disabled:bg-raised disabled:text-muted"
            >
              <Icon name="send" />
            </button>
          )}
        </div>
      </form>
    </div>
  );
}

function Chips({ onPanel, decoding }: { onPanel(panel: Panel): void; decoding: boolean }) {
  const strings = useStrings();
  const names = useStrategyNames();
  const settings = useChat((state) => state.settings);
  const list = useChat((state) => state.models.list);
  const model = useChat((state) => state.model);
  const status = useChat((state) => state.models.status);
  const name = list?.models.find(({ id }) => id === model)?.name;
  const detail = { greedy: '', beam: ` ${settings.beam}`, sampling: ` T ${settings.temperature}` }[
    settings.strategy
  ];
  const chip =
    'inline-flex h-9 min-w-0 items-center gap-1.5 rounded-lg px-2.5 text-sm text-muted hover:bg-raised hover:text-text';
  return (
    <>
      <button type="button" className={chip} aria-haspopup="dialog" onClick={() => onPanel('models')}>
        <Icon name="cube" size={16} />
        <span className="sr-only">{strings.model}: </span>
        <span className="max-w-36 truncate sm:max-w-56">
          {name ?? (status === 'loading' ? strings.modelsLoading : strings.modelsNone)}
        </span>
      </button>
      {decoding && (
        <button
          type="button"
          className={`${chip} shrink-0`}
          aria-haspopup="dialog"
          onClick={() => onPanel('settings')}
        >
          <Icon name="sliders" size={16} />
          <span className="sr-only">{strings.decoding}: </span>
          {names[settings.strategy]}
          {detail}
        </button>
      )}
    </>
  );
}
