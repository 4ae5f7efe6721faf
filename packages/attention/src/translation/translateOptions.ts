// What a caller can say about how to search for a translation.
import type { BeamOptions, SampleOptions, SearchOptions } from '@d2lts/rnn';
import type { TranslatorConfig } from './translatorConfig.ts';

/**
 * Options of `Translator.translate`: those of the searches. `beamSize`, `alpha` and `lengthPenalty` come from the model's
 * folder when they are left out; they and `stop` are of no matter when tokens are drawn.
 */
export interface TranslateOptions
  extends
    Omit<SearchOptions, 'bos' | 'eos' | 'maxLength' | 'prefixes'>,
    Pick<BeamOptions, 'beamSize' | 'nBest' | 'alpha' | 'lengthPenalty' | 'stop'> {
  /** Most target tokens; default twice the source's and 10 more, at most what the model can read. */
  maxLength?: number;
  /** Draw the tokens instead of searching for the likeliest sentence. */
  sampling?: Pick<SampleOptions, 'seed' | 'temperature' | 'topK' | 'topP' | 'minP'>;
  /** Sentences that go through the model together; default 1. */
  batchSize?: number;
  /** Also give the attention to the source. */
  attention?: boolean;
}

const passedOn = [
  'minLength',
  'noRepeatNgram',
  'repetitionPenalty',
  'stopSequences',
  'processors',
  'criteria',
  'signal',
] as const;

/** The search that the options ask for. @param limits the most tokens of each source's target, by default */
export function searchOptions(
  config: TranslatorConfig,
  options: TranslateOptions,
  limits: readonly number[],
): { beam: BeamOptions } | { sample: SampleOptions } {
  const { special, decoding } = config;
  const shared = {
    bos: special.bos,
    eos: special.eos,
    bannedTokens: [special.pad, special.bos, ...(options.bannedTokens ?? [])],
    maxLength: options.maxLength ?? limits,
    ...defined(options, passedOn),
  };
  if (options.sampling !== undefined) return { sample: { ...shared, ...options.sampling } };
  const {
    beamSize = decoding.beamSize,
    alpha = decoding.alpha,
    lengthPenalty = decoding.lengthPenalty,
  } = options;
  const { nBest = 1, stop } = options;
  return { beam: { ...shared, beamSize, alpha, lengthPenalty, nBest, ...(stop !== undefined && { stop }) } };
}

function defined<T extends object, K extends keyof T>(object: T, names: readonly K[]): Pick<T, K> {
  const entries = names.filter((name) => object[name] !== undefined).map((name) => [name, object[name]]);
  return Object.fromEntries(entries) as Pick<T, K>;
}
