// Decoding settings, each with one line of explanation, and what they do to the last text at once.
'use client';
import { useEffect, useId, useState } from 'react';
import { wholeSettings, type NumericSetting } from '../api/limits.ts';
import type { DecodingSettings, Strategy } from '../api/types.ts';
import { streamAnswer } from '../chat/client.ts';
import { nearestSetting } from '../chat/soundSettings.ts';
import { useLocale, useStrings } from '../i18n/Strings.tsx';
import type { ChatMode } from '../modes/mode.ts';
import { Button } from './buttons.tsx';
import { useChat, useChatStore, useModelCard } from './chatContext.tsx';
import { useStrategyNames, useStrategyTexts } from './strategies.ts';

const steps: Record<NumericSetting, number> = {
  beam: 1,
  lengthPenalty: 0.1,
  temperature: 0.05,
  topK: 1,
  topP: 0.01,
  minP: 0.01,
  repetitionPenalty: 0.05,
  seed: 1,
  maxLength: 1,
};

export function SettingsSheet({ mode, source }: { mode: ChatMode; source: string }) {
  const strings = useStrings();
  const store = useChatStore();
  const settings = useChat((state) => state.settings);
  const names = useStrategyNames();
  const texts = useStrategyTexts();
  return (
    // What has the focus scrolls to above the preview, which covers the lower end.
    <div className="flex flex-col gap-5 p-5 **:scroll-mb-56">
      <fieldset>
        <legend className="mb-2 text-sm text-muted">{strings.decodingText}</legend>
        <div className="flex flex-col gap-2">
          {(Object.keys(mode.strategies) as Strategy[]).map((strategy) => (
            <label
              key={strategy}
              className="flex gap-3 rounded-xl border border-line p-3 has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name="strategy"
                className="mt-1 accent-(--accent)"
                checked={settings.strategy === strategy}
                onChange={() => store.setSettings({ strategy })}
              />
              <span>
                <span className="block text-sm font-medium">{names[strategy]}</span>
                <span className="block text-sm text-muted">{texts[strategy]}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      {mode.strategies[settings.strategy]?.map((key) => (
        <Numeric key={key} name={key} value={settings[key]} mode={mode} />
      ))}
      <Button icon="refresh" onClick={() => store.resetSettings()}>
        {strings.reset}
      </Button>
      <Preview mode={mode} source={source} settings={settings} />
    </div>
  );
}

interface NumericProps {
  name: NumericSetting;
  value: number;
  mode: ChatMode;
}

/** A number to type or to slide. What is typed takes effect once it is allowed, and is made so when it is finished. */
function Numeric({ name, value, mode }: NumericProps) {
  const strings = useStrings();
  const store = useChatStore();
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const change = (text: string) => {
    const wanted = Number(text);
    if (text !== '' && nearestSetting(mode, name, wanted) === wanted) store.setSettings({ [name]: wanted });
  };
  const finish = () => {
    if (draft === null) return;
    const wanted = Number(draft);
    if (draft !== '' && Number.isFinite(wanted))
      store.setSettings({ [name]: nearestSetting(mode, name, wanted) });
    setDraft(null);
  };
  const [min, max] = mode.ranges[name];
  const shared = { min, max, 'aria-describedby': `${id}-text` };
  return (
    <div className="grid gap-1">
      <div className="flex items-center justify-between gap-3">
        <label htmlFor={id} className="text-sm font-medium">
          {strings[name]}
        </label>
        <input
          id={id}
          type="number"
          inputMode={wholeSettings.has(name) ? 'numeric' : 'decimal'}
          {...shared}
          step={steps[name]}
          value={draft ?? value}
          onChange={(event) => {
            setDraft(event.target.value);
            change(event.target.value);
          }}
          onBlur={finish}
          onKeyDown={(event) => event.key === 'Enter' && finish()}
          className="h-8 w-28 rounded-lg border border-line bg-bg px-2 text-right text-sm tabular-nums"
        />
      </div>
      {name !== 'seed' && (
        <input
          type="range"
          aria-label={strings[name]}
          {...shared}
          step={steps[name]}
          value={value}
          onChange={(event) => change(event.target.value)}
          className="w-full"
        />
      )}
      <p id={`${id}-text`} className="text-xs text-muted">
        {strings[`${name}Text`]}
      </p>
    </div>
  );
}

interface PreviewProps {
  mode: ChatMode;
  source: string;
  settings: DecodingSettings;
}

/** Answers the last text again whenever a setting changes. */
function Preview({ mode, source, settings }: PreviewProps) {
  const strings = useStrings();
  const { locale } = useLocale();
  const model = useChat((state) => state.model);
  const card = useModelCard(model);
  const [text, setText] = useState('');
  const [failure, setFailure] = useState('');
  useEffect(() => {
    if (source === '') return;
    const controller = new AbortController();
    const run = async () => {
      try {
        setFailure('');
        const ask = { text: source, model, settings };
        for await (const event of streamAnswer(mode.id, ask, controller.signal))
          if (event.type === 'token' || event.type === 'step') setText(event.text);
          else if (event.type === 'done') setText(mode.outputOf(event));
      } catch (error) {
        if (!controller.signal.aborted) setFailure((error as Error).message);
      }
    };
    const timer = setTimeout(() => void run(), 250);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [mode, source, model, settings]);
  return (
    <div className="sticky bottom-0 -mx-5 -mb-5 min-h-24 border-t border-line bg-raised px-5 py-3 text-sm">
      <h3 className="text-xs font-medium text-muted">{strings.preview}</h3>
      {source === '' ? (
        <p className="mt-1 text-muted">{mode.words(locale, card).previewNone}</p>
      ) : (
        <>
          <p className="mt-1 truncate text-muted" lang={mode.textLanguage(card)}>
            {source}
          </p>
          <p
            className="mt-0.5 max-h-40 overflow-y-auto whitespace-pre-line"
            lang={mode.answerLanguage(card)}
            tabIndex={0}
            role="region"
            aria-label={strings.preview}
            data-testid="preview"
          >
            {failure || text}
          </p>
        </>
      )}
    </div>
  );
}
