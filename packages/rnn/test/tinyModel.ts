// Random tiny models to search, and random options of every kind of search.
import * as fc from 'fast-check';
import type {
  BeamOptions,
  LogitsProcessor,
  SampleOptions,
  SearchOptions,
  StepDecoder,
  StopCriterion,
} from '../src/search/index.ts';

export const [bos, eos] = [0, 1];

/** Next-token scores are a random function of source and prefix. A state is the prefix of each row. */
export type TinyModel = StepDecoder<number, number[][]> & {
  /** States that were started and not freed. */
  open: number;
};

export function tinyModel(vocabSize: number, seed: number): TinyModel {
  return {
    vocabSize,
    open: 0,
    start(sources) {
      this.open += 1;
      return sources.map((source) => [source]);
    },
    step(state, tokens) {
      const next = state.map((prefix, row) => [...prefix, tokens[row]!]);
      const logits = new Float32Array(next.length * vocabSize);
      next.forEach((prefix, row) => {
        const key = prefix.reduce((hash, token) => (hash * 31 + token + 7) % 1_000_003, seed);
        for (let token = 0; token < vocabSize; token++) {
          const noise = Math.sin(key * 12.9898 + token * 78.233) * 43_758.5453;
          logits[row * vocabSize + token] = 6 * (noise - Math.floor(noise));
        }
      });
      return { logits, state: next };
    },
    reorder: (state, indices) => Array.from(indices, (index) => state[index]!),
    dispose() {
      this.open -= 1;
    },
  };
}

const discourage: LogitsProcessor = { process: (logProbs) => void (logProbs[2]! -= 0.5) };
const enough: StopCriterion = {
  reason: 'criterion',
  isMet: ({ length, token }) => length > 2 && token === 2,
};
const nothingAborts = new AbortController().signal;

/** A model and options for it: every common option on and off, with and without end token, prompts or a begin token. */
export const cases = fc
  .record({
    vocabSize: fc.integer({ min: 3, max: 5 }),
    seed: fc.nat(100_000),
    prompted: fc.boolean(),
    ends: fc.boolean(),
    options: fc.record({
      maxLength: fc.integer({ min: 1, max: 4 }),
      minLength: fc.integer({ min: 0, max: 3 }),
      noRepeatNgram: fc.integer({ min: 0, max: 2 }),
      repetitionPenalty: fc.constantFrom(1, 1.3),
      bannedTokens: fc.constantFrom([], [2]),
      stopSequences: fc.constantFrom(
        [],
        [[2]],
        [
          [0, 2],
          [2, 2, 0],
        ],
      ),
      processors: fc.constantFrom([], [discourage]),
      criteria: fc.constantFrom([], [enough]),
    }),
    signal: fc.constantFrom({}, { signal: nothingAborts }),
  })
  .map(({ vocabSize, seed, prompted, ends, options, signal }) => {
    const minLength = ends ? Math.min(options.minLength, options.maxLength) : 0;
    const shared: SearchOptions & { maxLength: number } = {
      ...options,
      ...signal,
      minLength,
      ...(prompted ? {} : { bos }),
      ...(ends ? { eos } : {}),
    };
    const firstTokens = (sources: readonly number[]) =>
      Int32Array.from(sources, (source) => source % vocabSize);
    const make = (): TinyModel => Object.assign(tinyModel(vocabSize, seed), prompted ? { firstTokens } : {});
    return { vocabSize, shared, make };
  });

/** How hypotheses are ranked. */
export const rankings: fc.Arbitrary<Pick<BeamOptions, 'alpha' | 'lengthPenalty'>> = fc.record({
  alpha: fc.constantFrom(0, 0.75, 1),
  lengthPenalty: fc.constantFrom('power', 'gnmt'),
});

/** When a beam is done. */
export const stops: fc.Arbitrary<'count' | 'bound'> = fc.constantFrom('count', 'bound');

/** The filters of sampling, each on and off. */
export const draws: fc.Arbitrary<Pick<SampleOptions, 'seed' | 'temperature' | 'topK' | 'topP' | 'minP'>> =
  fc.record({
    seed: fc.nat(1000),
    temperature: fc.constantFrom(0.5, 1, 1.5),
    topK: fc.constantFrom(0, 1, 2),
    topP: fc.constantFrom(1, 0.9, 0.5),
    minP: fc.constantFrom(0, 0.2),
  });
