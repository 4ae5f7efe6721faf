// Scores the output against a reference of the user's, with the matched words marked.
'use client';
import { Fragment, useState } from 'react';
import { postJson } from '../../../chat/client.ts';
import { Button } from '../../../ui/buttons.tsx';
import { RequestDetails } from '../../../ui/RequestView.tsx';
import { Note, type WhyProps } from '../../../ui/WhyPanel.tsx';
import { useTarget } from '../languages.ts';
import { useTranslateStrings } from '../strings.ts';
import { maxScoredLength, type ScoreResult } from '../contract.ts';

interface Outcome {
  /** The text that was scored. */
  hypothesis: string;
  result?: ScoreResult;
  failure?: string;
}

export function Score({ version, line }: WhyProps) {
  const lang = useTarget(version.model);
  const strings = useTranslateStrings();
  const [reference, setReference] = useState('');
  const [outcome, setOutcome] = useState<Outcome>();
  const hypothesis = line.text;
  const body = { hypothesis, reference, target: lang ?? '' };
  const run = () =>
    postJson<ScoreResult>('/api/v1/score', body).then(
      (result) => setOutcome({ hypothesis, result }),
      (error: Error) => setOutcome({ hypothesis, failure: error.message }),
    );
  // What was said of another text does not hold for this one.
  const { result, failure }: Partial<Outcome> = outcome?.hypothesis === hypothesis ? outcome : {};
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
          maxLength={maxScoredLength}
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
          <p className="text-lg leading-loose" lang={lang}>
            {result.tokens.map((token, index) => (
              <Fragment key={index}>{token.match > 0 ? <Match {...token} /> : token.text} </Fragment>
            ))}
          </p>
          <p className="mt-1 text-xs text-muted">{strings.matchLegend}</p>
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

/** A token that the reference has too, with how long the match is: as a number, in thickness, and in words. */
function Match({ text, match }: ScoreResult['tokens'][number]) {
  const { matchOrder } = useTranslateStrings();
  return (
    <>
      <mark
        title={matchOrder(match)}
        className="rounded bg-accent-soft px-0.5 text-text underline decoration-accent underline-offset-4"
        style={{ textDecorationThickness: `${match}px` }}
      >
        {text}
      </mark>
      <sup aria-hidden="true" className="text-[0.625rem] text-muted">
        {match}
      </sup>
      <span className="sr-only"> ({matchOrder(match)})</span>
    </>
  );
}
