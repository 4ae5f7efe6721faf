// A score with everything needed to print it the way sacreBLEU does.

import { checkOptions, FLAG, integer, type Kind } from '../options.ts';
import { dumps, PyFloat, type PyJson } from '../text/json.ts';
import { formatFixed } from '../text/numbers.ts';
import type { Signature } from './signature.ts';

/** Options of {@link Score.format}. */
export interface FormatOptions {
  /** Digits after the point. Default 2. */
  width?: number;
  /** Only the number (and its confidence interval). Default false. */
  scoreOnly?: boolean;
  /** A signature to print; none by default. `true` takes the score's own. */
  signature?: string | boolean;
  /** sacreBLEU's JSON instead of a line; needs a signature (default: the score's own). */
  json?: boolean;
}

const FORMAT_OPTIONS = {
  width: integer(0, 100_000),
  scoreOnly: FLAG,
  signature: {
    what: 'a string, or true or false',
    accepts: (value) => typeof value === 'string' || typeof value === 'boolean',
  },
  json: FLAG,
} satisfies Record<keyof FormatOptions, Kind>;

/** Mean and half width of a bootstrap 95% confidence interval, in score points. */
export interface ConfidenceInterval {
  mean: number;
  halfWidth: number;
}

/** A corpus or sentence score, 0-100 (TER: 0 and up), with the signature that makes it comparable. */
export class Score {
  /** Set when the score was computed with `nBootstrap`. */
  confidence?: ConfidenceInterval;

  constructor(
    /** The metric's name, e.g. `BLEU` or `chrF2++`. */
    readonly name: string,
    readonly score: number,
    readonly signature: Signature,
  ) {}

  /** What follows the score in sacreBLEU's line; empty for chrF and TER. */
  get verbose(): string {
    return '';
  }

  /** The score as one line, or as sacreBLEU's JSON. Same text as Python's `Score.format`. */
  format(options: FormatOptions = {}): string {
    checkOptions('Score.format', options, FORMAT_OPTIONS);
    const { width = 2, scoreOnly = false, json = false } = options;
    const wanted = options.signature ?? json;
    const signature = wanted === true ? this.signature.format() : wanted || '';
    let line = formatFixed(this.score, width);
    const fields: Record<string, PyJson> = { name: this.name, score: new PyFloat(Number(line)), signature };
    if (this.confidence && this.confidence.mean > 0) {
      const mean = formatFixed(this.confidence.mean, width);
      const halfWidth = formatFixed(this.confidence.halfWidth, width);
      const text = `μ = ${mean} ± ${halfWidth}`;
      line += ` (${text})`;
      fields['confidence_mean'] = new PyFloat(Number(mean));
      fields['confidence_var'] = new PyFloat(Number(halfWidth));
      fields['confidence'] = text;
    }
    if (scoreOnly) return line;
    if (json) return this.#json(fields, signature);
    const label = signature ? `${this.name}|${signature}` : this.name;
    return `${label} = ${line}${this.verbose ? ` ${this.verbose}` : ''}`;
  }

  #json(fields: Record<string, PyJson>, signature: string): string {
    if (this.verbose) fields['verbose_score'] = this.verbose;
    for (const pair of signature ? signature.split('|') : []) {
      const colon = pair.indexOf(':');
      fields[pair.slice(0, colon)] = pair.slice(colon + 1);
    }
    return dumps(fields, 1, false);
  }

  /** The line without a signature, as Python's `repr`. */
  toString(): string {
    return this.format();
  }
}
