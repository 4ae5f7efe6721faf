// Scores the output against a reference of the user's, with the matched words marked.
'use client';
import { useState } from 'react';
import type { ScoreResult } from '../../../api/types.ts';
import { postJson } from '../../../chat/client.ts';
import { useStrings } from '../../../i18n/Strings.tsx';
import { Button } from '../../../ui/buttons.tsx';
import { useTarget } from '../../../ui/chatContext.tsx';
import { RequestDetails } from '../../../ui/RequestView.tsx';
import { Note, type WhyProps } from '../../../ui/WhyPanel.tsx';

export function Score({ version, line }: WhyProps) {
  const lang = useTarget(version.model);
  const strings = useStrings();
  const [reference, setReference] = useState('');
  const [result, setResult] = useState<ScoreResult | null>(null);
  const [failure, setFailure] = useState('');
  const body = { hypothesis: line.text, reference, target: lang ?? '' };
  const run = async () => {
    try {
      setFailure('');
      setResult(await postJson<ScoreResult>('/api/v1/score', body));
    } catch (error) {
      setFailure((error as Error).message);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <Note>{strings.scoreText}</Note>
      <div className="flex flex-wrap gap-2">
        <input
          value={reference}
          onChange={(event) => setReference(event.target.value)}
          aria-label={strings.reference}
          placeholder={strings.referencePlaceholder}
          lang={lang}
          maxLength={1000}
          className="h-9 min-w-0 flex-1 basis-60 rounded-lg border border-line bg-bg px-3 text-sm placeholder:text-muted"
        />
        <Button type="submit" look="primary" disabled={reference.trim() === ''}>
          {strings.compute}
        </Button>
      </div>
      {failure && (
        <p role="alert" className="mt-3 text-sm text-danger">
          {failure}
        </p>
      )}
      {result && (
        <div role="status" className="mt-4">
          <p className="text-lg" lang={lang}>
            {result.tokens.map((token, index) => (
              <span key={index}>
                {token.match > 0 ? (
                  <mark
                    title={`${token.match}-gram`}
                    className="rounded bg-accent-soft px-0.5 text-text underline decoration-accent underline-offset-4"
                    style={{ textDecorationThickness: `${token.match}px` }}
                  >
                    {token.text}
                  </mark>
                ) : (
                  token.text
                )}{' '}
              </span>
            ))}
          </p>
          <dl className="mt-3 grid gap-3 sm:grid-cols-3">
            {result.scores.map((score) => (
              <div key={score.name}>
                <dt className="text-xs text-muted">{score.name}</dt>
                <dd className="text-xl font-semibold tabular-nums">{score.value.toFixed(1)}</dd>
                <dd className="font-mono text-[0.6875rem] break-all text-muted">{score.signature}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
      <RequestDetails path="/api/v1/score" body={body} className="mt-4" />
    </form>
  );
}
