// Search: turning a model's next-token scores into sequences. One implementation for every model.
export { beamSearch, beamSteps, type BeamOptions, type BeamStep } from './beam.ts';
export { EndToken, MaxLength, StopSequences, criteriaOf, type StopCriterion } from './criteria.ts';
export type { SearchDecoderOptions, StepDecoder, StepMaps, StepResult } from './decoder.ts';
export { evaluating } from './evaluating.ts';
export { exhaustiveSearch, type ExhaustiveOptions } from './exhaustive.ts';
export { greedySearch, greedySteps } from './greedy.ts';
export { readHypothesis, readPath, tokensOf } from './hypothesis.ts';
export type { EndReason, Hypothesis, SearchNode, SearchResult } from './hypothesis.ts';
export { lastTokens } from './lastTokens.ts';
export { lengthDivisor, type LengthPenalty } from './lengthPenalty.ts';
export { argmax, logSoftmax, readScores } from './logProbs.ts';
export { type PaddedSources, moveRows, moveSources, padSources } from './rowTensors.ts';
export { drain } from './run.ts';
export type { TokenStep } from './oneByOne.ts';
export type { SearchOptions } from './options.ts';
export { BanTokens, MinLength, NoRepeatNgram, RepetitionPenalty, processorsOf } from './processors.ts';
export type { LogitsProcessor } from './processors.ts';
export { filteredDistribution, sampleSearch, sampleSteps, type SampleOptions } from './sample.ts';
