// Public entry: BLEU, chrF and TER with sacreBLEU's numbers; runs in Node and in browsers.

export * from './compat.ts';
export { SacreBleuError, type ErrorCode } from './errors.ts';
export type * from './explain/bleu.ts';
export { consoleLogger, silentLogger, type Logger } from './logger.ts';
export { Accumulator, type PartialStatistics } from './metrics/accumulator.ts';
export { BLEU, BLEUScore, type BleuOptions } from './metrics/bleu.ts';
export { SMOOTH_DEFAULTS, type SmoothMethod } from './metrics/bleu-formula.ts';
export { CHRF, CHRFScore, type ChrfOptions } from './metrics/chrf.ts';
export { Metric } from './metrics/metric.ts';
export type {
  CorpusScoreOptions,
  MetricOptions,
  Reference,
  ReferenceStreams,
  SegmentStatistics,
} from './metrics/metric.ts';
export { Score, type ConfidenceInterval, type FormatOptions } from './metrics/score.ts';
export { Signature, type SignatureInfo } from './metrics/signature.ts';
export { TER, TERScore, type TerOptions } from './metrics/ter.ts';
export {
  pairedTest,
  type PairedResult,
  type PairedTestOptions,
  type PairedTestResult,
} from './significance/paired-test.ts';
export { tokenize13a } from './tokenizers/13a.ts';
export { tokenizeChar } from './tokenizers/char.ts';
export { tokenizeIntl } from './tokenizers/intl.ts';
export { mecabTokenizer, type MecabOptions } from './tokenizers/mecab.ts';
export { tokenizeNone } from './tokenizers/none.ts';
export {
  getTokenizer,
  TOKENIZER_NAMES,
  type BuiltInTokenizerName,
  type TokenizerName,
} from './tokenizers/registry.ts';
export { tercomTokenizer, type TercomOptions } from './tokenizers/tercom.ts';
export { defineTokenizer, type Tokenizer } from './tokenizers/types.ts';
export { tokenizeZh } from './tokenizers/zh.ts';
export { VERSION } from './version.ts';
