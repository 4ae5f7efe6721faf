// What a caller can say about how to search for a translation.
import type { BeamOptions, LengthPenalty, SampleOptions } from '@d2lts/rnn';
import type { TranslatorConfig } from './translatorConfig.ts';

/** Options of `Translator.translate`; what is left out comes from the model's folder. */
export interface TranslateOptions {
  /** Hypotheses kept at a time; 1 is greedy search. */
  beamSize?: number;
  /** Alternatives to give, at most `beamSize`; default 1. */
  nBest?: number;
  /** Exponent of the length normalisation. */
  alpha?: number;
  lengthPenalty?: LengthPenalty;
  /** Most target tokens; default twice the source's and 10 more. */
  maxLength?: number;
  minLength?: number;
  noRepeatNgram?: number;
  repetitionPenalty?: number;
  /** Draw the tokens instead of searching for the likeliest sentence. */
  sampling?: Pick<SampleOptions, 'seed' | 'temperature' | 'topK' | 'topP' | 'minP'>;
  /** Sentences that go through the model together; default 1. */
  batchSize?: number;
  /** Also give the attention to the source. */
  attention?: boolean;
  /** Ends the search early. */
  signal?: AbortSignal;
}

/** The search that the options ask for. */
export function searchOptions(
  config: TranslatorConfig,
  options: TranslateOptions,
  longest: number,
): { beam: BeamOptions } | { sample: SampleOptions } {
  const { special, decoding } = config;
  const shared = {
    bos: special.bos,
    eos: special.eos,
    bannedTokens: [special.pad, special.bos],
    maxLength: options.maxLength ?? longest,
    ...defined(options, ['minLength', 'noRepeatNgram', 'repetitionPenalty', 'signal']),
  };
  if (options.sampling !== undefined) return { sample: { ...shared, ...options.sampling } };
  const {
    beamSize = decoding.beamSize,
    alpha = decoding.alpha,
    lengthPenalty = decoding.lengthPenalty,
  } = options;
  return { beam: { ...shared, beamSize, alpha, lengthPenalty, nBest: options.nBest ?? 1 } };
}

function defined<T extends object, K extends keyof T>(object: T, names: readonly K[]): Pick<T, K> {
  const entries = names.filter((name) => object[name] !== undefined).map((name) => [name, object[name]]);
  return Object.fromEntries(entries) as Pick<T, K>;
}
