// The same sentence by several models, side by side: first those of the same languages, others on request.
'use client';
import { useEffect, useRef, useState } from 'react';
import type { ModelCard } from '../../../api/types.ts';
import { postJson } from '../../../chat/client.ts';
import { useStrings } from '../../../i18n/Strings.tsx';
import { Button } from '../../../ui/buttons.tsx';
import { useModels } from '../../../ui/chatContext.tsx';
import { CheckBox } from '../../../ui/CheckBox.tsx';
import { RequestDetails } from '../../../ui/RequestView.tsx';
import { Note, type WhyProps } from '../../../ui/WhyPanel.tsx';
import { translateContract, type TranslateResult } from '../contract.ts';
import { targetOf } from '../languages.ts';
import { useTranslateStrings } from '../strings.ts';

const path = '/api/v1/translate';

/** What a model is asked: the text of a version with its settings, without a forced beginning. */
const bodyOf = ({ source: text, settings }: WhyProps['version'], model: string) => ({
  ...translateContract.requestBody({ text, model, settings }),
  stream: false,
});

type Outcome = { result: TranslateResult } | { failure: string } | undefined;

export function Compare({ version }: WhyProps) {
  const shared = useStrings();
  const strings = useTranslateStrings();
  const models = useModels('translate');
  const [picked, setPicked] = useState<Record<string, boolean>>({});
  const { outcomes, running, run, stop } = useOutcomes(version);
  if (!models || models.length < 2) return <Note>{strings.compareOne}</Note>;
  const own = models.find(({ id }) => id === version.model);
  const isPicked = (model: ModelCard) => picked[model.id] ?? isAlike(model, own);
  const chosen = models.filter(isPicked);
  return (
    <>
      <Note>{strings.compareText}</Note>
      <fieldset className="mb-3">
        <legend className="sr-only">{strings.compareModels}</legend>
        <div className="flex flex-wrap gap-x-4 gap-y-2 text-sm">
          {models.map((model) => (
            <CheckBox
              key={model.id}
              label={`${model.name} (${model.source} → ${model.target})`}
              checked={isPicked(model)}
              onChange={(checked) => setPicked({ ...picked, [model.id]: checked })}
            />
          ))}
        </div>
      </fieldset>
      <Button
        icon={running ? 'stop' : 'refresh'}
        disabled={!running && chosen.length === 0}
        onClick={running ? stop : () => run(chosen.map(({ id }) => id))}
      >
        {running ? shared.stop : strings.compare}
      </Button>
      <ul className="mt-3 grid gap-2 sm:grid-cols-2">
        {chosen.map((model) => (
          <Card key={model.id} model={model} outcome={outcomes[model.id]} />
        ))}
      </ul>
      {chosen[0] && (
        <RequestDetails path={path} body={bodyOf(version, chosen[0].id)} className="mt-4">
          {strings.compareRequest}
        </RequestDetails>
      )}
    </>
  );
}

/** Whether a model translates between the same languages; the passing checkpoints of training runs only on request. */
function isAlike(model: ModelCard, own: ModelCard | undefined): boolean {
  if (model.id === own?.id) return true;
  return !model.id.startsWith('train/') && model.source === own?.source && model.target === own.target;
}

function Card({ model, outcome }: { model: ModelCard; outcome: Outcome }) {
  const strings = useTranslateStrings();
  return (
    <li className="min-h-24 rounded-xl border border-line p-3">
      <p className="text-xs font-medium text-muted">
        {model.name} · {model.architecture}
      </p>
      {outcome && 'failure' in outcome && <p className="mt-1 text-sm text-danger">{outcome.failure}</p>}
      {outcome && 'result' in outcome && (
        <>
          <p className="mt-1 whitespace-pre-line" lang={targetOf(model)}>
            {outcome.result.translation}
          </p>
          <p className="mt-1 text-xs text-muted tabular-nums">
            {strings.score} {outcome.result.segments.map((segment) => segment.score.toFixed(3)).join(', ')} ·{' '}
            {outcome.result.timing.total} ms
          </p>
        </>
      )}
    </li>
  );
}

/** What each model made of the text of a version; another version, or leaving the view, ends what is under way. */
function useOutcomes(version: WhyProps['version']) {
  const { id } = version;
  const [found, setFound] = useState<{ version: string; outcomes: Record<string, Outcome> }>();
  const [running, setRunning] = useState(false);
  const controller = useRef<AbortController>(undefined);
  const stop = () => controller.current?.abort();
  useEffect(() => stop, [id]);
  const ask = async (models: readonly string[], { signal }: AbortController) => {
    setRunning(true);
    setFound({ version: id, outcomes: {} });
    await Promise.all(
      models.map(async (model) => {
        const outcome = await postJson<TranslateResult>(path, bodyOf(version, model), signal).then(
          (result): Outcome => ({ result }),
          (error: Error): Outcome => ({ failure: error.message }),
        );
        if (signal.aborted) return;
        setFound((known) => ({ version: id, outcomes: { ...known?.outcomes, [model]: outcome } }));
      }),
    );
    setRunning(false);
  };
  const run = (models: readonly string[]) => {
    controller.current = new AbortController();
    void ask(models, controller.current);
  };
  return { outcomes: found?.version === id ? found.outcomes : {}, running, run, stop };
}
