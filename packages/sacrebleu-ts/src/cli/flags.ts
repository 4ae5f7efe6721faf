// Every flag of the command line: names, values, defaults and help.

import { SMOOTH_DEFAULTS } from '../metrics/bleu-formula.ts';
import { TOKENIZER_NAMES } from '../tokenizers/registry.ts';

/** How many values a flag takes: none, one, at least one, any number. */
export type Arity = 'none' | 'one' | 'some' | 'any';

/** One flag. */
export interface Flag {
  /** Under which name the value is stored. */
  key: keyof CliOptions;
  names: readonly string[];
  arity: Arity;
  help: string;
  type?: 'int' | 'float';
  choices?: readonly string[];
}

/** Parsed command line. */
export interface CliOptions {
  refs: string[];
  help: boolean;
  version: boolean;
  list: boolean;
  testSet: string | null;
  langPair: string | null;
  echo: string[] | null;
  input: string[] | null;
  numRefs: number;
  encoding: string;
  metrics: string[];
  sentenceLevel: boolean;
  smoothMethod: string;
  smoothValue: number | null;
  tokenize: string | null;
  tokenizerModel: string | null;
  lowercase: boolean;
  force: boolean;
  chrfCharOrder: number;
  chrfWordOrder: number;
  chrfBeta: number;
  chrfWhitespace: boolean;
  chrfLowercase: boolean;
  chrfEpsSmoothing: boolean;
  terCaseSensitive: boolean;
  terAsianSupport: boolean;
  terNoPunct: boolean;
  terNormalized: boolean;
  confidence: boolean;
  confidenceN: number;
  pairedAr: boolean;
  pairedBs: boolean;
  pairedArN: number;
  pairedBsN: number;
  pairedJobs: number;
  quiet: boolean;
  short: boolean;
  scoreOnly: boolean;
  width: number;
  noColor: boolean;
  format: string;
}

/** What holds when a flag is not given. */
export const DEFAULTS: CliOptions = {
  refs: [],
  help: false,
  version: false,
  list: false,
  testSet: null,
  langPair: null,
  echo: null,
  input: null,
  numRefs: 1,
  encoding: 'utf-8',
  metrics: ['bleu'],
  sentenceLevel: false,
  smoothMethod: 'exp',
  smoothValue: null,
  tokenize: null,
  tokenizerModel: null,
  lowercase: false,
  force: false,
  chrfCharOrder: 6,
  chrfWordOrder: 0,
  chrfBeta: 2,
  chrfWhitespace: false,
  chrfLowercase: false,
  chrfEpsSmoothing: false,
  terCaseSensitive: false,
  terAsianSupport: false,
  terNoPunct: false,
  terNormalized: false,
  confidence: false,
  confidenceN: 1000,
  pairedAr: false,
  pairedBs: false,
  pairedArN: 10000,
  pairedBsN: 1000,
  pairedJobs: 1,
  quiet: false,
  short: false,
  scoreOnly: false,
  width: 1,
  noColor: false,
  format: 'json',
};

/** Flags by the group under which `--help` lists them. */
export const FLAG_GROUPS: readonly (readonly [title: string, flags: readonly Flag[]])[] = [
  [
    'Options',
    [
      { key: 'help', names: ['-h', '--help'], arity: 'none', help: 'Show this help and quit.' },
      { key: 'version', names: ['--version', '-V'], arity: 'none', help: 'Show the version and quit.' },
      {
        key: 'list',
        names: ['--list'],
        arity: 'none',
        help: 'List the local test sets (with -t: its language pairs and fields) and quit.',
      },
      {
        key: 'testSet',
        names: ['--test-set', '-t'],
        arity: 'one',
        help: "Test set(s), comma-separated, that Python's sacreBLEU has stored under $SACREBLEU (default ~/.sacrebleu).",
      },
      {
        key: 'langPair',
        names: ['--language-pair', '-l'],
        arity: 'one',
        help: 'Source and target language, e.g. en-de. The target chooses the BLEU tokenizer.',
      },
      {
        key: 'echo',
        names: ['--echo'],
        arity: 'some',
        help: 'Print these fields (src, ref, ...; or all) of the test set and quit.',
      },
      {
        key: 'input',
        names: ['--input', '-i'],
        arity: 'any',
        help: 'System output file(s), .gz allowed. Default: standard input, tab-separated for many systems.',
      },
      {
        key: 'numRefs',
        names: ['--num-refs', '-nr'],
        arity: 'one',
        type: 'int',
        help: 'The reference file holds this many tab-separated references a line. Default 1.',
      },
      {
        key: 'encoding',
        names: ['--encoding', '-e'],
        arity: 'one',
        help: 'Encoding of the files. Default utf-8.',
      },
      {
        key: 'metrics',
        names: ['--metrics', '-m'],
        arity: 'some',
        choices: ['bleu', 'chrf', 'ter'],
        help: 'Metrics to compute: bleu, chrf, ter. Default bleu.',
      },
      {
        key: 'sentenceLevel',
        names: ['--sentence-level', '-sl'],
        arity: 'none',
        help: 'Score each sentence (one metric).',
      },
    ],
  ],
  [
    'BLEU',
    [
      {
        key: 'smoothMethod',
        names: ['--smooth-method', '-s'],
        arity: 'one',
        choices: Object.keys(SMOOTH_DEFAULTS),
        help: 'Smoothing: none, floor, add-k or exp. Default exp.',
      },
      {
        key: 'smoothValue',
        names: ['--smooth-value', '-sv'],
        arity: 'one',
        type: 'float',
        help: 'Value for floor (default 0.1) and add-k (default 1).',
      },
      {
        key: 'tokenize',
        names: ['--tokenize', '-tok'],
        arity: 'one',
        choices: TOKENIZER_NAMES,
        help: 'Tokenizer. Default 13a; zh, ja-mecab or ko-mecab when -l says so.',
      },
      {
        key: 'tokenizerModel',
        names: ['--tokenizer-model'],
        arity: 'one',
        help: "SentencePiece .model file for -tok flores101, flores200, spBLEU-1K. Ours, not sacreBLEU's. Default: in $SACREBLEU/models.",
      },
      { key: 'lowercase', names: ['--lowercase', '-lc'], arity: 'none', help: 'Ignore case.' },
      { key: 'force', names: ['--force'], arity: 'none', help: 'No warning about tokenized-looking input.' },
    ],
  ],
  [
    'chrF',
    [
      {
        key: 'chrfCharOrder',
        names: ['--chrf-char-order', '-cc'],
        arity: 'one',
        type: 'int',
        help: 'Character n-gram order. Default 6.',
      },
      {
        key: 'chrfWordOrder',
        names: ['--chrf-word-order', '-cw'],
        arity: 'one',
        type: 'int',
        help: 'Word n-gram order; 2 is chrF++. Default 0.',
      },
      {
        key: 'chrfBeta',
        names: ['--chrf-beta'],
        arity: 'one',
        type: 'int',
        help: 'Weight of recall. Default 2.',
      },
      { key: 'chrfWhitespace', names: ['--chrf-whitespace'], arity: 'none', help: 'Count whitespace.' },
      { key: 'chrfLowercase', names: ['--chrf-lowercase'], arity: 'none', help: 'Ignore case.' },
      {
        key: 'chrfEpsSmoothing',
        names: ['--chrf-eps-smoothing'],
        arity: 'none',
        help: 'Epsilon smoothing as in chrF++.py, NLTK and Moses.',
      },
    ],
  ],
  [
    'TER',
    [
      { key: 'terCaseSensitive', names: ['--ter-case-sensitive'], arity: 'none', help: 'Respect case.' },
      {
        key: 'terAsianSupport',
        names: ['--ter-asian-support'],
        arity: 'none',
        help: 'Treat CJK characters and punctuation, with the two flags below.',
      },
      { key: 'terNoPunct', names: ['--ter-no-punct'], arity: 'none', help: 'Remove punctuation.' },
      { key: 'terNormalized', names: ['--ter-normalized'], arity: 'none', help: 'Normalize and tokenize.' },
    ],
  ],
  [
    'Significance',
    [
      {
        key: 'confidence',
        names: ['--confidence', '-ci'],
        arity: 'none',
        help: 'Bootstrap 95% confidence interval (one system).',
      },
      {
        key: 'confidenceN',
        names: ['--confidence-n', '-cin'],
        arity: 'one',
        type: 'int',
        help: 'Resamples for it. Default 1000.',
      },
      {
        key: 'pairedAr',
        names: ['--paired-ar', '-par'],
        arity: 'none',
        help: 'Paired approximate randomization against the first system.',
      },
      {
        key: 'pairedBs',
        names: ['--paired-bs', '-pbs'],
        arity: 'none',
        help: 'Paired bootstrap against the first system.',
      },
      {
        key: 'pairedArN',
        names: ['--paired-ar-n', '-parn'],
        arity: 'one',
        type: 'int',
        help: 'Trials. Default 10000.',
      },
      {
        key: 'pairedBsN',
        names: ['--paired-bs-n', '-pbsn'],
        arity: 'one',
        type: 'int',
        help: 'Resamples. Default 1000.',
      },
      {
        key: 'pairedJobs',
        names: ['--paired-jobs', '-j'],
        arity: 'one',
        type: 'int',
        help: 'Accepted for compatibility; one process does the work.',
      },
    ],
  ],
  [
    'Reporting',
    [
      { key: 'quiet', names: ['--quiet', '-q'], arity: 'none', help: 'No progress messages.' },
      { key: 'short', names: ['--short', '-sh'], arity: 'none', help: 'Short signatures.' },
      { key: 'scoreOnly', names: ['--score-only', '-b'], arity: 'none', help: 'Only the score.' },
      {
        key: 'width',
        names: ['--width', '-w'],
        arity: 'one',
        type: 'int',
        help: 'Digits after the point. Default 1.',
      },
      { key: 'noColor', names: ['--no-color', '-nc'], arity: 'none', help: 'No colors; so does NO_COLOR.' },
      {
        key: 'format',
        names: ['--format', '-f'],
        arity: 'one',
        choices: ['json', 'text', 'latex'],
        help: 'Output: json (default), text, or latex (many systems). SACREBLEU_FORMAT overrides.',
      },
    ],
  ],
];

/** All flags. */
export const FLAGS: readonly Flag[] = FLAG_GROUPS.flatMap(([, flags]) => flags);
