// W15: decoding one sentence with W9's Transformer and a key-value cache, greedily and with a beam of 5.
import { Transformer } from '@d2lts/attention';
import { type Rng, narrowWeights } from '@d2lts/core';
import { type SearchOptions, beamSearch, greedySearch } from '@d2lts/rnn';
import type { Workload } from '../workload.ts';
import { nmtConfig } from './translation.ts';

const [bos, eos, firstId] = [1, 2, 3];
const steps = 24; // of the source, and of every translation: the end token is banned

const options: SearchOptions = { bos, bannedTokens: [eos], maxLength: steps };

const decoding =
  (search: (model: Transformer, source: number[]) => Promise<unknown>, isHalf = false): Workload =>
  (rng: Rng) => {
    const model = new Transformer(nmtConfig, { rng });
    model.eval();
    if (isHalf) narrowWeights(model);
    const sources = Array.from({ length: 4 }, () =>
      Array.from({ length: steps }, () => rng.integer(firstId, nmtConfig.vocabSize)),
    );
    return {
      step: async (i) => void (await search(model, sources[i % sources.length]!)),
      tokens: steps,
    };
  };

const greedy = (model: Transformer, source: number[]) =>
  greedySearch(model.searchDecoder(), [source], options);
const beam = (model: Transformer, source: number[]) =>
  beamSearch(model.searchDecoder(), [source], { ...options, beamSize: 5, alpha: 0 });

export const decodingWorkloads: Record<string, Workload> = {
  W15_greedy_kv: decoding(greedy),
  W15_beam5_kv: decoding(beam),
  // with weights of 16 bits, as our models ship
  W15half_greedy_kv: decoding(greedy, true),
  W15half_beam5_kv: decoding(beam, true),
};
