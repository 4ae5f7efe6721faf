// What a translation is: its request, its result, its bounds, and which model folders translate.
import { defaultSettings, ranges, strategySettings } from '../../api/limits.ts';
import type { AnswerResult, DecodingSettings, ModelRequest, OutputToken, Segment } from '../../api/types.ts';
import type { Contract } from '../contract.ts';

/** Longest text of one request, in UTF-16 units and in lines. */
export const maxTextLength = 2000;
export const maxTextLines = 40;

/** Longest output and reference to score, in UTF-16 units. */
export const maxScoredLength = 1000;

/** Body of `POST /api/v1/translate` once defaults are filled in. */
export interface TranslateRequest extends DecodingSettings, ModelRequest {
  text: string;
  /** Piece ids that the output of one line must begin with. */
  prefix: number[];
  /** The line that `prefix` is for, from 0, the default. */
  prefixLine?: number;
  /** Whether `done` carries attention weights. */
  attention: boolean;
}

/** What `POST /api/v1/translate` finally says. */
export interface TranslateResult extends AnswerResult {
  translation: string;
  segments: Segment[];
}

/** Body of `POST /api/v1/probabilities` once defaults are filled in. */
export interface ProbabilitiesRequest extends ModelRequest {
  /** The line that was translated. */
  text: string;
  /** Ids of the tokens that the model said. */
  tokens: number[];
  repetitionPenalty: number;
}

/** What `POST /api/v1/probabilities` says. */
export interface ProbabilitiesResult {
  model: string;
  tokens: OutputToken[];
}

/** What `POST /api/v1/score` answers. */
export interface ScoreResult {
  scores: { name: string; value: number; signature: string }[];
  /** The output's tokens; `match` is the longest n-gram through it that the reference has too. */
  tokens: { text: string; match: number }[];
}

export const translateContract: Contract = {
  id: 'translate',
  defaults: defaultSettings,
  ranges,
  strategies: strategySettings,
  longestText: maxTextLength,
  verbatim: false,
  requestBody: ({ text, model, settings, prefix = [], prefixLine = 0 }) => ({
    text,
    model,
    ...settings,
    ...(prefix.length > 0 ? { prefix, prefixLine } : {}),
  }),
  outputOf: (result) => (result as TranslateResult).translation,
  readConfig: ({ format = 'd2lts-translation', architecture, decoding }) => {
    if (format !== 'd2lts-translation') return undefined;
    const { beamSize, alpha } = (decoding ?? {}) as Record<string, unknown>;
    const { beam, lengthPenalty } = defaultSettings;
    return {
      decoding: {
        beam: typeof beamSize === 'number' ? beamSize : beam,
        lengthPenalty: typeof alpha === 'number' ? alpha : lengthPenalty,
      },
      shows: {
        attention: architecture === 'transformer' || architecture === 'bahdanau',
        beamTree: true,
        probabilities: true,
      },
    };
  },
};
