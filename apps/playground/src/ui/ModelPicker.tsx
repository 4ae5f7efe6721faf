// Every installed model with its size, data and scores; choosing one closes the picker.
'use client';
import { useStrings } from '../i18n/Strings.tsx';
import { useChat, useChatStore, useModels } from './chatContext.tsx';
import { formatBytes, formatCount } from './format.ts';
import { ModelLine } from './ModelLine.tsx';

export function ModelPicker({ onChosen }: { onChosen(): void }) {
  const strings = useStrings();
  const store = useChatStore();
  const models = useModels(useChat((state) => state.mode));
  const chosen = useChat((state) => state.model);
  if (!models || models.length === 0)
    return (
      <div className="p-5">
        <ModelLine />
      </div>
    );
  return (
    <ul className="flex flex-col gap-2 p-4">
      {models.map((model) => (
        <li key={model.id}>
          <button
            type="button"
            aria-pressed={model.id === chosen}
            onClick={() => {
              store.setModel(model.id);
              onChosen();
            }}
            className={`w-full rounded-xl border p-3 text-left ${model.id === chosen ? 'border-accent bg-accent-soft' : 'border-line hover:bg-raised'}`}
          >
            <span className="flex items-baseline justify-between gap-3">
              <span className="font-medium">{model.name}</span>
              <span className="shrink-0 text-xs text-muted">
                {model.target !== '?' && `${model.source} → ${model.target}`}
              </span>
            </span>
            <span className="mt-1 block text-sm text-muted">
              {model.architecture} · {strings.parameters(formatCount(model.parameters))} ·{' '}
              {formatBytes(model.bytes)}
              {model.data && ` · ${strings.trainedOn(model.data)}`}
            </span>
            {model.metrics.map((metric) => (
              <span key={`${metric.name} ${metric.signature ?? ''}`} className="mt-1.5 block text-sm">
                {metric.name} {metric.value.toFixed(2)}
                {metric.signature && (
                  <span className="block font-mono text-xs break-all text-muted">{metric.signature}</span>
                )}
              </span>
            ))}
          </button>
        </li>
      ))}
    </ul>
  );
}
