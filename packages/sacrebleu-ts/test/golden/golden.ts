// The golden file made by generate.py from Python's sacreBLEU, and the real texts of real.mjs, with types.

import { readFileSync } from 'node:fs';
import {
  BLEU,
  CHRF,
  silentLogger,
  TER,
  type Metric,
  type MetricOptions,
  type Reference,
  type SmoothMethod,
  type TokenizerName,
} from '../../src/index.ts';

/** Options under Python's names. */
export interface PythonOptions {
  tokenize?: TokenizerName | null;
  trg_lang?: string;
  force?: boolean;
  smooth_method?: SmoothMethod;
  smooth_value?: number | null;
  lowercase?: boolean;
  effective_order?: boolean;
  max_ngram_order?: number;
  char_order?: number;
  word_order?: number;
  beta?: number;
  whitespace?: boolean;
  eps_smoothing?: boolean;
  normalized?: boolean;
  no_punct?: boolean;
  asian_support?: boolean;
  case_sensitive?: boolean;
}

export type MetricName = 'BLEU' | 'CHRF' | 'TER';

export interface ScoreCase {
  corpus: string;
  metric: MetricName;
  options: PythonOptions;
  stats: number[][];
  warnings: Record<string, number>;
  n_bootstrap: number;
  score: Record<string, number | number[] | string>;
  signature: [long: string, short: string];
  text: [plain: string, signed: string, bare: string];
  json: string;
}

export interface SentenceCase {
  corpus: string;
  metric: MetricName;
  options: PythonOptions;
  rows: [score: number, text: string][];
  /** By number of references. */
  signatures: Record<string, string>;
  warnings: Record<string, number>;
}

export interface PairedCase {
  corpus: string;
  metrics: [MetricName, PythonOptions][];
  test: 'bs' | 'ar';
  samples: number;
  confidence: number;
  seed: string;
  results: Record<
    string,
    { score: number; p_value: number | null; mean: number | null; ci: number | null }[]
  >;
  signatures: Record<string, string>;
}

type Corpora = Record<string, { systems: string[][]; references: Reference[][] }>;

export interface Golden {
  corpora: Corpora;
  scores: ScoreCase[];
  sentences: SentenceCase[];
  paired: PairedCase[];
  random: { seed: string; coins: number[]; size: number; choice: number[] }[];
  lines: string[];
  tokens: Record<string, string[]>;
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

export const golden = read('./golden.json') as Golden;
export const realCorpora = read('./real.json') as Corpora;
Object.assign(golden.corpora, realCorpora);

/** The metric with Python's options, and optionally cached references and a logger. */
export function metricOf(name: MetricName, o: PythonOptions, own: MetricOptions = {}): Metric {
  const common = { logger: silentLogger, ...own };
  if (name === 'BLEU') {
    return new BLEU({
      ...common,
      tokenize: o.tokenize ?? undefined,
      trgLang: o.trg_lang,
      force: o.force,
      smoothMethod: o.smooth_method,
      smoothValue: o.smooth_value ?? undefined,
      lowercase: o.lowercase,
      effectiveOrder: o.effective_order,
      maxNgramOrder: o.max_ngram_order,
    });
  }
  if (name === 'CHRF') {
    return new CHRF({
      ...common,
      charOrder: o.char_order,
      wordOrder: o.word_order,
      beta: o.beta,
      lowercase: o.lowercase,
      whitespace: o.whitespace,
      epsSmoothing: o.eps_smoothing,
    });
  }
  return new TER({
    ...common,
    normalized: o.normalized,
    noPunct: o.no_punct,
    asianSupport: o.asian_support,
    caseSensitive: o.case_sensitive,
  });
}

/** Text of Python's sacreBLEU with our version in its signatures. */
export function withOurVersion(text: string, version: string): string {
  return text
    .replaceAll('version:2.6.0', `version:ts:${version}`)
    .replaceAll('v:2.6.0', `v:ts:${version}`)
    .replaceAll('"version": "2.6.0"', `"version": "ts:${version}"`);
}
