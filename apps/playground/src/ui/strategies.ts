// Names and one-line explanations of the ways to decode.
'use client';
import type { Strategy } from '../api/types.ts';
import { useStrings } from '../i18n/Strings.tsx';

/** Short names. */
export function useStrategyNames(): Record<Strategy, string> {
  const { strategyGreedy, strategyBeam, strategySampling } = useStrings();
  return { greedy: strategyGreedy, beam: strategyBeam, sampling: strategySampling };
}

/** One line each. */
export function useStrategyTexts(): Record<Strategy, string> {
  const { strategyGreedyText, strategyBeamText, strategySamplingText } = useStrings();
  return { greedy: strategyGreedyText, beam: strategyBeamText, sampling: strategySamplingText };
}
