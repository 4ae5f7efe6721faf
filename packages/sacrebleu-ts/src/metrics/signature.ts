// Reproducibility signatures: what was computed, in sacreBLEU's order and abbreviations.

import { SIGNATURE_VERSION } from '../version.ts';

const ABBREVIATIONS: Record<string, string> = {
  version: 'v',
  nrefs: '#',
  test: 't',
  lang: 'l',
  subset: 'S',
  origlang: 'o',
  seed: 'rs',
};

/** What every metric's signature knows. */
export interface SignatureInfo {
  /** References per segment; `var` when they differ. */
  nrefs: number | 'var';
  /** Bootstrap resamples. */
  bs?: number;
  /** Seed of the resampling, `none` when not fixed. */
  seed?: string;
}

type Value = string | number | boolean | undefined;

/** Name-value pairs such as `nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:ts:0.1.0`. */
export class Signature {
  readonly #info: Map<string, Value>;
  readonly #short: Record<string, string>;

  constructor(info: SignatureInfo, own: Record<string, Value>, abbreviations: Record<string, string>) {
    this.#info = new Map<string, Value>([
      ['nrefs', info.nrefs],
      ['bs', info.bs],
      ['ar', undefined],
      ['seed', info.seed],
      ['test', undefined],
      ['lang', undefined],
      ['origlang', undefined],
      ['subset', undefined],
      ...Object.entries(own),
    ]);
    this.#short = { ...ABBREVIATIONS, ...abbreviations };
  }

  /** Sets or replaces a field, e.g. `ar` trials. */
  update(key: string, value: string | number | boolean): void {
    this.#info.set(key, value);
  }

  /** The signature as text, long by default. */
  format(short = false): string {
    const pairs: string[] = [];
    for (const [key, value] of [...this.#info, ['version', SIGNATURE_VERSION] as const]) {
      if (value === undefined) continue;
      const text = typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
      pairs.push(`${short ? (this.#short[key] ?? key) : key}:${text}`);
    }
    return pairs.join('|');
  }

  toString(): string {
    return this.format();
  }
}
