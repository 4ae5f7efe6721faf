// The same sentence by every installed model, side by side.
'use client';
import { useState } from 'react';
import type { TranslateResult } from '../../../api/types.ts';
import { postJson } from '../../../chat/client.ts';
import { useStrings } from '../../../i18n/Strings.tsx';
import { Button } from '../../../ui/buttons.tsx';
import { useModels } from '../../../ui/chatContext.tsx';
import { Note, type WhyProps } from '../../../ui/WhyPanel.tsx';

type Outcome = { result: TranslateResult } | { failure: string } | undefined;

export function Compare({ version }: WhyProps) {
  const strings = useStrings();
  const models = useModels('translate');
  const [outcomes, setOutcomes] = useState<Record<string, Outcome>>({});
  const [running, setRunning] = useState(false);
  if (!models || models.length < 2) return <Note>{strings.compareOne}</Note>;
  const run = async () => {
    setRunning(true);
    const { source: text, settings } = version;
    await Promise.all(
      models.map(async ({ id: model }) => {
        const outcome = await postJson<TranslateResult>('/api/v1/translate', {
          text,
          model,
          ...settings,
          stream: false,
        }).then(
          (result): Outcome => ({ result }),
          (error: Error): Outcome => ({ failure: error.message }),
        );
        setOutcomes((known) => ({ ...known, [model]: outcome }));
      }),
    );
    setRunning(false);
  };
  return (
    <>
      <Note>{strings.compareText}</Note>
      <Button icon="refresh" disabled={running} onClick={() => void run()}>
        {strings.compare}
      </Button>
      <ul className="mt-3 grid gap-2 sm:grid-cols-2">
        {models.map((model) => {
          const outcome = outcomes[model.id];
          return (
            <li key={model.id} className="min-h-24 rounded-xl border border-line p-3">
              <p className="text-xs font-medium text-muted">{model.name}</p>
              {outcome && 'failure' in outcome && (
                <p className="mt-1 text-sm text-danger">{outcome.failure}</p>
              )}
              {outcome && 'result' in outcome && (
                <>
                  <p className="mt-1 whitespace-pre-line" lang={model.target}>
                    {outcome.result.translation}
                  </p>
                  <p className="mt-1 text-xs text-muted tabular-nums">
                    {strings.score}{' '}
                    {outcome.result.segments.map((segment) => segment.score.toFixed(3)).join(', ')} ·{' '}
                    {outcome.result.timing.total} ms
                  </p>
                </>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}
