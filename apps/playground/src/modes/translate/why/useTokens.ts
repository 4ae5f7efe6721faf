// The tokens of a line with what else was probable: as they were told, or asked for where a beam or a full storage left that out.
'use client';
import { useEffect, useState } from 'react';
import type { OutputToken } from '../../../api/types.ts';
import { postJson } from '../../../chat/client.ts';
import type { WhyProps } from '../../../ui/WhyPanel.tsx';
import type { ProbabilitiesResult } from '../contract.ts';

/** The tokens once they are known; `failure` is why they cannot be. */
export function useTokens({ version, line }: WhyProps): { tokens: OutputToken[]; failure: string } {
  const { result } = line;
  // A forced token is told alone.
  const whole = line.tokens.length > 0 && line.tokens.every(({ top }) => top.length > 1);
  const [asked, setAsked] = useState<{ of?: object; tokens: OutputToken[]; failure: string }>();
  useEffect(() => {
    if (!result || whole || result.tokens.length === 0) return;
    const abort = new AbortController();
    const body = {
      model: version.model,
      text: result.source,
      tokens: result.tokens.map(({ id }) => id),
      repetitionPenalty: version.settings.repetitionPenalty,
    };
    postJson<ProbabilitiesResult>('/api/v1/probabilities', body, abort.signal).then(
      ({ tokens }) => setAsked({ of: result, tokens, failure: '' }),
      (error: Error) => {
        if (!abort.signal.aborted) setAsked({ of: result, tokens: [], failure: error.message });
      },
    );
    return () => abort.abort();
  }, [result, whole, version.model, version.settings.repetitionPenalty]);
  if (!result || whole) return { tokens: line.tokens, failure: '' };
  return asked?.of === result ? asked : { tokens: [], failure: '' };
}
