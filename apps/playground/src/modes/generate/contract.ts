// What a continuation is: its request, its result, its bounds, and which model folders hold language models.
import { defaultSettings, ranges, strategySettings } from '../../api/limits.ts';
import type { AnswerResult, DecodingSettings, ModelRequest, ScoredToken } from '../../api/types.ts';
import type { Contract } from '../contract.ts';

/** Longest prompt to go on from, in UTF-16 units. */
export const maxPromptLength = 4000;

/** Body of `POST /api/v1/generate` once defaults are filled in. */
export interface GenerateRequest
  extends
    ModelRequest,
    Pick<DecodingSettings, 'temperature' | 'topK' | 'topP' | 'minP' | 'repetitionPenalty' | 'seed'> {
  /** The text to go on from. */
  prompt: string;
  /** Most tokens to add. */
  maxTokens: number;
}

/** What `POST /api/v1/generate` finally says. */
export interface GenerateResult extends AnswerResult {
  prompt: string;
  /** What the model added to the prompt. */
  text: string;
  tokens: ScoredToken[];
  /** Sum of the tokens' natural-log probabilities. */
  logProb: number;
}

export const generateContract: Contract = {
  id: 'generate',
  defaults: { ...defaultSettings, strategy: 'sampling', maxLength: 200 },
  ranges: { ...ranges, maxLength: [1, 1000] },
  strategies: { greedy: strategySettings.greedy, sampling: strategySettings.sampling },
  longestText: maxPromptLength,
  verbatim: true,
  requestBody: ({ text, model, settings }) => {
    const { strategy, temperature, topK, topP, minP, repetitionPenalty, seed, maxLength } = settings;
    return {
      prompt: text,
      model,
      temperature: strategy === 'greedy' ? 0 : temperature,
      topK,
      topP,
      minP,
      repetitionPenalty,
      seed,
      maxTokens: maxLength,
    };
  },
  outputOf: (result) => (result as GenerateResult).text,
  readConfig: ({ format, architecture, generation }) => {
    if (format !== 'd2lts-language-model') return undefined;
    const { temperature, topP } = (generation ?? {}) as Record<string, unknown>;
    return {
      decoding: {
        ...(typeof temperature === 'number' ? { temperature } : {}),
        ...(typeof topP === 'number' ? { topP } : {}),
      },
      shows: { attention: architecture === 'transformer', beamTree: false, probabilities: true },
    };
  },
};
