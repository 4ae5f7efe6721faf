// One turn in any mode: the user's text, the answer as it comes, and the buttons below it.
'use client';
import { useRef, useState, type ComponentType, type ReactNode, type RefObject } from 'react';
import { createVersion, isPending, textOf, type Version } from '../chat/conversations.ts';
import { encodeShare } from '../chat/share.ts';
import type { Strings } from '../i18n/en.ts';
import { useStrings } from '../i18n/Strings.tsx';
import { contractOf, hasSettings } from '../modes/contract.ts';
import type { AnswerProps } from '../modes/mode.ts';
import { Button, IconButton } from './buttons.tsx';
import { useChat, useChatStore } from './chatContext.tsx';
import { Icon } from './Icon.tsx';
import { Spinner } from './ModelLine.tsx';
import { useStrategyNames } from './strategies.ts';
import { useCopy } from './useCopy.ts';

/** What makes a new version of a turn; what is left out stays as it was. */
export type Change = Partial<Pick<Version, 'source' | 'model' | 'settings' | 'prefix' | 'prefixLine'>>;

/** What a mode adds to the turn. */
export interface AnswerViewProps extends AnswerProps {
  /** What an answer is called, the languages of the user's text and of the answer, and the words while it is made. */
  name: string;
  textLang: string | undefined;
  lang: string | undefined;
  working: string;
  /** Shows how an answer came about. */
  Why: ComponentType<{ version: Version; onAgain(change: Change): void }>;
  /** Further buttons below an answer, inactive while it is made. */
  actions?(version: Version, again: (change: Change) => void, pending: boolean): ReactNode;
}

export function AnswerView(props: AnswerViewProps) {
  const { conversationId, turn, onEdit, Why, actions } = props;
  const strings = useStrings();
  const store = useChatStore();
  const version = turn.versions[turn.current]!;
  const [why, setWhy] = useState(false);
  const redo = useRef<HTMLButtonElement>(null);
  const again = (change: Change = {}) =>
    store.addVersion(
      conversationId,
      turn.id,
      createVersion(
        change.source ?? version.source,
        change.model ?? version.model,
        change.settings ?? version.settings,
        change.prefix,
        change.prefixLine,
      ),
    );
  /** The same settings again; sampling draws anew, so its seed moves on. */
  const regenerate = () => {
    const { settings, model } = store.getState();
    again({
      model,
      settings:
        settings.strategy === 'sampling'
          ? { ...settings, seed: settings.seed + turn.versions.length }
          : settings,
    });
  };
  return (
    <article className="flex flex-col gap-3">
      <div className="group flex items-start justify-end gap-1">
        <IconButton
          icon="edit"
          label={`${strings.edit}: ${version.source.slice(0, 40)}`}
          onClick={onEdit}
          className="mt-0.5 opacity-0 group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100"
        />
        <p
          lang={props.textLang}
          dir="auto"
          className="max-w-[85%] rounded-2xl rounded-tr-md bg-raised px-4 py-2.5 break-words whitespace-pre-line"
        >
          <span className="sr-only">{strings.you}: </span>
          {version.source}
        </p>
      </div>
      <div className="min-w-0">
        <Output
          {...props}
          version={version}
          onRetry={() => {
            again();
            redo.current?.focus();
          }}
        />
        <Toolbar
          conversationId={conversationId}
          turn={turn}
          version={version}
          redo={redo}
          why={why}
          onWhy={() => setWhy(!why)}
          onRegenerate={regenerate}
          actions={actions?.(version, again, isPending(version))}
        />
        {why && <Why version={version} onAgain={again} />}
      </div>
    </article>
  );
}

type OutputProps = Pick<AnswerViewProps, 'name' | 'lang' | 'working'> & {
  version: Version;
  onRetry(): void;
};

function Output({ name, lang, working, version, onRetry }: OutputProps) {
  const strings = useStrings();
  const text = textOf(version);
  const pending = isPending(version);
  return (
    <>
      <p
        lang={lang}
        dir="auto"
        data-testid="translation"
        data-status={version.status}
        className="min-h-8 text-xl leading-relaxed break-words whitespace-pre-line"
      >
        <span className="sr-only">{name}: </span>
        {text}
        {pending && text !== '' && <span className="caret" aria-hidden="true" />}
        {pending && text === '' && (
          <span className="flex items-center gap-2 text-base text-muted">
            <Spinner />
            {version.waiting > 0 ? strings.waiting(version.waiting) : working}
          </span>
        )}
        {!pending && text === '' && version.status !== 'error' && (
          <span className="text-base text-muted">
            {version.status === 'stopped' ? strings.stoppedEmpty : strings.emptyOutput}
          </span>
        )}
      </p>
      {version.status === 'error' && (
        <div
          role="alert"
          className="mt-1 flex flex-wrap items-center gap-3 rounded-xl bg-danger-soft px-4 py-3 text-sm"
        >
          <Icon name="alert" className="text-danger" />
          <p className="min-w-0 flex-1 break-words">
            <strong className="font-semibold">{strings.errorTitle}.</strong> {version.error?.message}{' '}
            <code className="font-mono text-xs text-muted">{version.error?.code}</code>
          </p>
          <Button icon="refresh" onClick={onRetry}>
            {strings.retry}
          </Button>
        </div>
      )}
    </>
  );
}

interface ToolbarProps {
  conversationId: string;
  turn: AnswerProps['turn'];
  version: Version;
  /** The button that makes the answer anew, or stops it. */
  redo: RefObject<HTMLButtonElement | null>;
  why: boolean;
  onWhy(): void;
  onRegenerate(): void;
  actions: ReactNode;
}

function Toolbar(props: ToolbarProps) {
  const { conversationId, turn, version, redo, why, onWhy, onRegenerate, actions } = props;
  const strings = useStrings();
  const store = useChatStore();
  const copy = useCopy();
  const names = useStrategyNames();
  const models = useChat((state) => state.models.list?.models);
  const mode = contractOf(
    useChat(({ conversations }) => conversations.find(({ id }) => id === conversationId)?.mode),
  );
  const pending = isPending(version);
  const text = textOf(version);
  const count = turn.versions.length;
  const share = () => {
    const { source: text, model, settings, prefix, prefixLine = 0 } = version;
    copy(`${location.origin}/#${encodeShare({ mode: mode.id, text, model, settings, prefix, prefixLine })}`);
  };
  const show = (index: number) => store.showVersion(conversationId, turn.id, index);
  return (
    <div className="mt-1 -ml-2 flex min-h-9 flex-wrap items-center gap-y-1">
      <IconButton
        icon="copy"
        label={strings.copy}
        inactive={pending || text === ''}
        onClick={() => copy(text)}
      />
      <IconButton
        ref={redo}
        icon={pending ? 'stop' : 'refresh'}
        label={pending ? strings.stop : strings.regenerate}
        onClick={pending ? () => store.stop(version.id) : onRegenerate}
      />
      <IconButton icon="share" label={strings.share} inactive={pending} onClick={() => share()} />
      {actions}
      <button
        type="button"
        aria-expanded={why}
        onClick={onWhy}
        disabled={version.lines.length === 0 && !why}
        className="inline-flex h-9 items-center gap-1.5 rounded-lg px-2.5 text-sm text-muted hover:bg-raised hover:text-text aria-expanded:bg-accent-soft aria-expanded:text-accent disabled:opacity-40"
      >
        <Icon name="eye" />
        {strings.why}
      </button>
      {count > 1 && (
        <span className="flex items-center text-sm text-muted">
          <IconButton
            icon="left"
            label={strings.previousVersion}
            inactive={turn.current === 0}
            onClick={() => show(turn.current - 1)}
          />
          <span aria-label={strings.versionOf(turn.current + 1, count)} role="img" className="tabular-nums">
            {turn.current + 1} / {count}
          </span>
          <IconButton
            icon="right"
            label={strings.nextVersion}
            inactive={turn.current === count - 1}
            onClick={() => show(turn.current + 1)}
          />
        </span>
      )}
      <p className="ml-2 min-w-0 truncate text-xs text-muted">
        {version.status === 'stopped' && text !== '' && `${strings.stopped} · `}
        {models?.find(({ id }) => id === version.model)?.name ?? version.model}
        {hasSettings(mode) && ` · ${names[version.settings.strategy]}`}
        {version.settings.strategy === 'beam' && ` ${version.settings.beam}`}
        {version.prefix.length > 0 && ` · ${forcedName(version, strings)}`}
        {version.timing && ` · ${version.timing.total} ms`}
      </p>
    </div>
  );
}

/** Says that a beginning was forced, and of which line where there are several. */
function forcedName({ source, prefixLine = 0 }: Version, strings: Strings): string {
  return source.includes('\n') ? strings.forcedLine(prefixLine + 1) : strings.forced;
}
