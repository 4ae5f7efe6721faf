// Sampling: tokens drawn by their probabilities, with temperature, top-k, top-p and min-p.
import { Rng } from '@d2lts/core';
import { checkInteger, checkNumber } from '../checks.ts';
import type { StepDecoder } from './decoder.ts';
import type { SearchResult } from './hypothesis.ts';
import { type TokenStep, oneByOne } from './oneByOne.ts';
import { type SearchOptions, checkOptions } from './options.ts';
import { drain } from './run.ts';

/** Options of sampling; the filters act in this order, each on what the one before left. */
export interface SampleOptions extends SearchOptions {
  /** Seeds the draws: source i draws from its own generator, so that a batch gives what single calls give. */
  seed: number;
  /** Divides the log-probabilities: below 1 is bolder, above 1 more varied. Default 1; must be above 0. */
  temperature?: number;
  /** Only the k likeliest; default 0: off. */
  topK?: number;
  /** Only the fewest likeliest whose probabilities sum to p (https://arxiv.org/abs/1904.09751); default 1: off. */
  topP?: number;
  /** Only those with at least this share of the likeliest one's probability (https://arxiv.org/abs/2407.01082); default 0. */
  minP?: number;
}

/** Sampling as an async iterator over tokens. */
export function sampleSteps<Source, State>(
  decoder: StepDecoder<Source, State>,
  sources: readonly Source[],
  options: SampleOptions,
): AsyncGenerator<TokenStep, SearchResult[], void> {
  return sample(decoder, sources, options, false);
}

function sample<Source, State>(
  decoder: StepDecoder<Source, State>,
  sources: readonly Source[],
  options: SampleOptions,
  reuse: boolean,
): AsyncGenerator<TokenStep, SearchResult[], void> {
  const operation = 'sampleSearch';
  const own = ['seed', 'temperature', 'topK', 'topP', 'minP'];
  checkOptions(operation, options, own, decoder, sources.length);
  checkNumber(operation, 'temperature', options.temperature ?? 1, 'above 0', (x) => x > 0);
  checkDraws(operation, options);
  const rngs = sources.map(() => new Rng(options.seed));
  const choose = (logProbs: Float32Array, source: number) => draw(logProbs, options, rngs[source]!);
  return oneByOne(decoder, sources, options, choose, reuse);
}

/** Sampling to its end. `onStep` sees every token. */
export async function sampleSearch<Source, State>(
  decoder: StepDecoder<Source, State>,
  sources: readonly Source[],
  options: SampleOptions,
  onStep?: (step: TokenStep) => void,
): Promise<SearchResult[]> {
  return drain(sample(decoder, sources, options, onStep === undefined), onStep);
}

/** Probabilities after temperature and filters: tokens with their weights, likeliest first; weights sum to 1. */
export function filteredDistribution(
  logProbs: Float32Array,
  { temperature = 1, topK = 0, topP = 1, minP = 0 }: Omit<SampleOptions, keyof SearchOptions | 'seed'>,
): { tokens: number[]; weights: number[] } {
  let max = -Infinity;
  for (const value of logProbs) max = Math.max(max, value);
  let tokens: number[] = [];
  for (let token = 0; token < logProbs.length; token++) if (logProbs[token]! > -Infinity) tokens.push(token);
  tokens.sort((a, b) => logProbs[b]! - logProbs[a]! || a - b);
  if (topK > 0) tokens = tokens.slice(0, topK);
  let weights = normalized(tokens.map((token) => Math.exp((logProbs[token]! - max) / temperature)));
  if (topP < 1) {
    let sum = 0;
    let kept = 0;
    while (kept < weights.length && sum < topP) sum += weights[kept++]!;
    weights = normalized(weights.slice(0, kept));
  }
  if (minP > 0) weights = normalized(weights.filter((weight) => weight >= minP * weights[0]!));
  return { tokens: tokens.slice(0, weights.length), weights };
}

/** @throws ValueError for a seed or filter that makes no sense */
export function checkDraws(
  operation: string,
  { seed, topK = 0, topP = 1, minP = 0 }: Pick<SampleOptions, 'seed' | 'topK' | 'topP' | 'minP'>,
): void {
  checkInteger(operation, 'seed', seed, 0);
  checkInteger(operation, 'topK', topK, 0);
  checkNumber(operation, 'topP', topP, 'above 0 and at most 1', (x) => x > 0 && x <= 1);
  checkNumber(operation, 'minP', minP, 'from 0 to 1', (x) => x >= 0 && x <= 1);
}

function draw(logProbs: Float32Array, options: SampleOptions, rng: Rng): number {
  const { tokens, weights } = filteredDistribution(logProbs, options);
  return tokens[rng.categorical(weights)]!;
}

function normalized(weights: number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}
