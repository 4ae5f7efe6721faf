// The metrics that the flags ask for.

import { join } from 'node:path';
import { SacreBleuError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { BLEU } from '../metrics/bleu.ts';
import type { SmoothMethod } from '../metrics/bleu-formula.ts';
import { CHRF } from '../metrics/chrf.ts';
import type { Metric } from '../metrics/metric.ts';
import { TER } from '../metrics/ter.ts';
import { asPython } from '../options.ts';
import { sentencePieceTokenizer } from '../spm.ts';
import type { TokenizerName } from '../tokenizers/registry.ts';
import type { Tokenizer } from '../tokenizers/types.ts';
import { InputError } from './errors.ts';
import type { CliOptions } from './flags.ts';
import { readBytes } from './reading.ts';
import { dataFolder } from './test-sets.ts';

// The names of the model files that sacreBLEU stores.
const STORED_MODELS: Partial<Record<TokenizerName, string>> = {
  flores101: 'sacrebleu_tokenizer_spm.model',
  flores200: 'flores200sacrebleuspm',
  'spBLEU-1K': 'spbleu-1k_tokenizer_spm.model',
};

function chooseTokenizer(options: CliOptions, logger: Logger): TokenizerName | Tokenizer | undefined {
  let name = options.tokenize as TokenizerName | null;
  if (name === 'spm') {
    logger.warn("Tokenizer 'spm' has been changed to 'flores101', and may be removed in the future.");
    name = 'flores101';
  }
  const stored = name ? STORED_MODELS[name] : undefined;
  if (!name || !stored) return name ?? undefined;
  const path = options.tokenizerModel ?? join(dataFolder(), 'models', stored);
  try {
    return sentencePieceTokenizer(readBytes(path), name);
  } catch (error) {
    if (!(error instanceof InputError) || options.tokenizerModel) throw error;
    throw new InputError([
      `The tokenizer '${name}' needs its SentencePiece model: give --tokenizer-model PATH, or put it at ${path}.`,
    ]);
  }
}

function createMetric(name: string, options: CliOptions, references: string[][], logger: Logger): Metric {
  if (name === 'chrf') {
    return new CHRF(
      asPython({
        references,
        logger,
        charOrder: options.chrfCharOrder,
        wordOrder: options.chrfWordOrder,
        beta: options.chrfBeta,
        whitespace: options.chrfWhitespace,
        lowercase: options.chrfLowercase,
        epsSmoothing: options.chrfEpsSmoothing,
      }),
    );
  }
  if (name === 'ter') {
    return new TER({
      references,
      logger,
      caseSensitive: options.terCaseSensitive,
      asianSupport: options.terAsianSupport,
      noPunct: options.terNoPunct,
      normalized: options.terNormalized,
    });
  }
  return new BLEU(
    asPython({
      references,
      logger,
      smoothMethod: options.smoothMethod as SmoothMethod,
      smoothValue: options.smoothValue ?? undefined,
      tokenize: chooseTokenizer(options, logger),
      lowercase: options.lowercase,
      force: options.force,
      effectiveOrder: options.sentenceLevel,
      trgLang: options.langPair?.split('-')[1],
    }),
  );
}

/** The metrics in alphabetical order, with references prepared. */
export function createMetrics(options: CliOptions, references: string[][], logger: Logger): Metric[] {
  const names = options.sentenceLevel ? options.metrics.slice(0, 1) : Array.from(new Set(options.metrics));
  try {
    return names.map((name) => createMetric(name, options, references, logger));
  } catch (error) {
    if (!(error instanceof SacreBleuError)) throw error;
    // Those of SentencePiece have their model by now.
    if (error.code !== 'TOKENIZER_NEEDS_ADDON') throw new InputError([error.message]);
    throw new InputError([
      `The tokenizer '${String(error.value)}' needs MeCab, which this command cannot load: take -tok char or flores200,`,
      'or score in code with mecabTokenizer (see the README of sacrebleu-ts).',
    ]);
  }
}

/** Metrics by name, the order in which single scores are printed. */
export function sortedByName(metrics: readonly Metric[]): Metric[] {
  return [...metrics].sort((a, b) => (a.kind < b.kind ? -1 : 1));
}
