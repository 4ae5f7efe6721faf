// One line about the chosen model: name, size, data, scores; or why there is none.
'use client';
import { useStrings } from '../i18n/Strings.tsx';
import { Button } from './buttons.tsx';
import { useChat, useChatStore } from './chatContext.tsx';
import { formatBytes, formatCount } from './format.ts';
import { Icon } from './Icon.tsx';

/** The turning ring of something that takes time. */
export function Spinner() {
  return (
    <span
      aria-hidden="true"
      className="inline-block size-4 shrink-0 animate-spin rounded-full border-2 border-line border-t-accent"
    />
  );
}

export function ModelLine() {
  const strings = useStrings();
  const store = useChatStore();
  const models = useChat((state) => state.models);
  const id = useChat((state) => state.model);
  if (models.status === 'loading')
    return (
      <p className="flex items-center gap-2 text-sm text-muted" role="status">
        <Spinner />
        {strings.modelsLoading}
      </p>
    );
  if (models.status === 'error')
    return (
      <div
        className="flex flex-wrap items-center justify-center gap-3 rounded-xl bg-danger-soft px-4 py-3 text-sm"
        role="alert"
      >
        <Icon name="alert" className="text-danger" />
        <span className="min-w-0">
          <strong className="font-semibold">{strings.modelsError}.</strong> {models.error?.message}
        </span>
        <Button icon="refresh" onClick={() => void store.loadModels()}>
          {strings.retry}
        </Button>
      </div>
    );
  const card = models.list?.models.find((model) => model.id === id);
  if (!card)
    return (
      <div className="rounded-xl border border-line bg-surface px-4 py-3 text-sm" role="status">
        <strong className="font-semibold">{strings.modelsNone}.</strong> {strings.modelsNoneText}
      </div>
    );
  const bleu = card.metrics[0];
  return (
    <p className="flex flex-wrap items-center justify-center gap-x-2 gap-y-1 text-sm text-muted">
      <span className="font-medium text-text">{card.name}</span>
      <span aria-hidden="true">·</span>
      <span>{strings.parameters(formatCount(card.parameters))}</span>
      <span aria-hidden="true">·</span>
      <span>{formatBytes(card.bytes)}</span>
      {bleu && (
        <>
          <span aria-hidden="true">·</span>
          <span title={bleu.signature ? `${strings.signature}: ${bleu.signature}` : undefined}>
            {bleu.name} {bleu.value.toFixed(1)}
          </span>
        </>
      )}
    </p>
  );
}
