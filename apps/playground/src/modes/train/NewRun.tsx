// The form of a new run: what to learn from, which model, and a few settings with defaults that work.
'use client';
import { useId, useRef, useState, type ReactNode } from 'react';
import {
  learningRates,
  taskOf,
  trainArchitectures,
  trainDefaults,
  trainLimits,
  trainSizes,
  type TrainArchitecture,
  type TrainRequest,
  type TrainRun,
} from '../../api/train.ts';
import { languageName } from '../../i18n/languageName.ts';
import { useLocale } from '../../i18n/Strings.tsx';
import { Button } from '../../ui/buttons.tsx';
import { RequestDetails } from '../../ui/RequestView.tsx';
import { useTrainStrings } from './strings.ts';

/** Languages that the embedded names are there in, besides English. */
const targets = 'bn da de es et fi fr hi hu it ja ko lt ms nb nl pl pt ru sv th uk vi zh'.split(' ');

interface Draft {
  data: TrainRun['data'];
  pasted: Record<'pairs' | 'text', string>;
  settings: Required<Omit<TrainRequest, 'pairs' | 'text'>>;
}

/** What was filled in, for as long as the page lives: looking at another mode loses nothing. */
let kept: Draft = {
  data: 'emoji',
  pasted: { pairs: '', text: '' },
  settings: { ...trainDefaults, learningRate: learningRates[trainDefaults.architecture] },
};

const field = 'h-9 w-full rounded-lg border border-line bg-bg px-2 text-sm';

interface NewRunProps {
  busy: boolean;
  onStart(request: TrainRequest): Promise<void>;
}

export function NewRun({ busy, onStart }: NewRunProps) {
  const strings = useTrainStrings();
  const { locale } = useLocale();
  const [draft, setDraft] = useState(kept);
  const [starting, setStarting] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const { data, pasted, settings } = draft;
  const update = (change: Partial<Draft>) => {
    kept = { ...draft, ...change };
    setDraft(kept);
  };
  const set = (change: Partial<Draft['settings']>) => update({ settings: { ...settings, ...change } });
  const architectures = trainArchitectures.filter(
    (name) => data === 'emoji' || (taskOf(name) === 'generate') === (data === 'text'),
  );
  const choose = (architecture: TrainArchitecture) =>
    ({ architecture, learningRate: learningRates[architecture] }) as const;
  const chooseData = (next: Draft['data']) => {
    const fits = next === 'emoji' || (taskOf(settings.architecture) === 'generate') === (next === 'text');
    const architecture = next === 'text' ? 'lstm' : trainDefaults.architecture;
    update({ data: next, settings: fits ? settings : { ...settings, ...choose(architecture) } });
  };
  const own = data === 'emoji' ? undefined : pasted[data];
  const least = data === 'text' ? trainLimits.length[0] : 1;
  const fits = own === undefined || (own.length >= least && own.length <= trainLimits.length[1]);
  const count = (value: number) => value.toLocaleString(locale);
  /** Where the Tab key moves on, and phones have none. */
  const insertTab = () => {
    const box = area.current!;
    box.setRangeText('\t', box.selectionStart, box.selectionEnd, 'end');
    box.focus();
    update({ pasted: { ...pasted, pairs: box.value } });
  };
  const request: TrainRequest = { ...settings, ...(data === 'emoji' ? {} : { [data]: pasted[data] }) };
  const start = async () => {
    if (starting) return;
    setStarting(true);
    await onStart(request);
    setStarting(false);
  };
  return (
    <form
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <div>
        <h1 className="text-2xl font-semibold tracking-tight">{strings.title}</h1>
        <p className="mt-1 text-muted">{strings.intro}</p>
      </div>
      <fieldset>
        <legend className="mb-2 text-sm font-medium">{strings.data}</legend>
        <div className="grid gap-2 sm:grid-cols-3">
          {(['emoji', 'pairs', 'text'] as const).map((kind) => (
            <label
              key={kind}
              className="flex gap-3 rounded-xl border border-line bg-surface p-3 has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name="data"
                className="mt-1 accent-(--accent)"
                checked={data === kind}
                onChange={() => chooseData(kind)}
              />
              <span>
                <span className="block text-sm font-medium">{strings[kind]}</span>
                <span className="block text-sm text-muted">{strings[`${kind}Text`]}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      {data !== 'emoji' && (
        <div>
          <textarea
            ref={area}
            value={pasted[data]}
            onChange={(event) => update({ pasted: { ...pasted, [data]: event.target.value } })}
            aria-label={data === 'pairs' ? strings.pastePairs : strings.pasteText}
            placeholder={data === 'pairs' ? strings.pairsPlaceholder : ''}
            rows={8}
            spellCheck={false}
            dir="auto"
            className="block w-full rounded-xl border border-line bg-surface p-3 font-mono text-sm scroll-thin"
          />
          <div className="mt-1 flex items-center justify-between gap-3">
            <p className="text-xs text-muted" role="status">
              {own!.length < least && own !== '' ? strings.tooShort(count(least)) : ''}{' '}
              {strings.characters(count(own!.length), count(trainLimits.length[1]))}
            </p>
            {data === 'pairs' && <Button onClick={insertTab}>{strings.insertTab}</Button>}
          </div>
        </div>
      )}
      <div className="grid grid-cols-2 gap-4 sm:grid-cols-3">
        <Choice
          className="col-span-2"
          label={strings.architecture}
          value={settings.architecture}
          options={architectures}
          titleOf={(name) => strings[name]}
          onChange={(name) => set(choose(name))}
        />
        <Choice
          label={strings.size}
          value={settings.size}
          options={trainSizes}
          titleOf={(name) => strings[name]}
          onChange={(size) => set({ size })}
        />
        {data === 'emoji' && taskOf(settings.architecture) === 'translate' && (
          <Choice
            label={strings.target}
            value={settings.target}
            options={targets}
            titleOf={(language) => languageName(language, locale)}
            onChange={(target) => set({ target })}
          />
        )}
        {(['steps', 'learningRate', 'seed'] as const).map((name) => (
          <Labelled key={name} label={strings[name]}>
            {(id) => (
              <input
                id={id}
                type="number"
                required
                inputMode="decimal"
                min={trainLimits[name][0]}
                max={trainLimits[name][1]}
                step={name === 'learningRate' ? 'any' : 1}
                value={Number.isNaN(settings[name]) ? '' : settings[name]}
                onChange={(event) => set({ [name]: event.target.valueAsNumber })}
                className={`${field} tabular-nums`}
              />
            )}
          </Labelled>
        ))}
      </div>
      <div className="flex flex-wrap items-center gap-3">
        {/* Not disabled while it starts, which would take the focus away. */}
        <Button type="submit" look="primary" disabled={busy || !fits} aria-disabled={starting || undefined}>
          {strings.start}
        </Button>
        {busy && <p className="text-sm text-muted">{strings.busy}</p>}
      </div>
      <RequestDetails path="/api/v1/train" body={request} />
    </form>
  );
}

function Choice<T extends string>({
  className,
  label,
  value,
  options,
  titleOf,
  onChange,
}: {
  className?: string;
  label: string;
  value: T;
  options: readonly T[];
  titleOf(option: T): string;
  onChange(option: T): void;
}) {
  return (
    <Labelled label={label} className={className}>
      {(id) => (
        <select
          id={id}
          className={field}
          value={value}
          onChange={(event) => onChange(event.target.value as T)}
        >
          {options.map((option) => (
            <option key={option} value={option}>
              {titleOf(option)}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

function Labelled({
  className = '',
  label,
  children,
}: {
  className?: string;
  label: string;
  children(id: string): ReactNode;
}) {
  const id = useId();
  return (
    <div className={`min-w-0 ${className}`}>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      {children(id)}
    </div>
  );
}
