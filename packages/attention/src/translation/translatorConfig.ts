// The config.json of a translation model's folder.
import { FormatError } from '@d2lts/core';
import type { LengthPenalty, SpecialIds } from '@d2lts/rnn';

/** How a model is searched when the caller does not say. */
export interface DecodingDefaults {
  beamSize: number;
  alpha: number;
  lengthPenalty: LengthPenalty;
}

/** Everything but weights and tokenizer that makes a translator. */
export interface TranslatorConfig {
  format: 'd2lts-translation';
  version: 1;
  architecture: string;
  /** The architecture's own configuration. */
  model: Record<string, unknown>;
  special: SpecialIds;
  languages: { source: string; target: string };
  decoding: DecodingDefaults;
}

/** Checks what a config.json says. @throws FormatError naming the field */
export function checkTranslatorConfig(value: unknown): TranslatorConfig {
  const config = value as Partial<TranslatorConfig> | null;
  const id = (x: unknown) => Number.isInteger(x) && (x as number) >= 0;
  const tests: [string, boolean][] = [
    ['format', config?.format === 'd2lts-translation'],
    ['version', config?.version === 1],
    ['architecture', typeof config?.architecture === 'string'],
    ['model', typeof config?.model === 'object' && config.model !== null],
    ['special', (['pad', 'bos', 'eos'] as const).every((name) => id(config?.special?.[name]))],
    [
      'languages',
      (['source', 'target'] as const).every((side) => typeof config?.languages?.[side] === 'string'),
    ],
    ['decoding', id(config?.decoding?.beamSize) && typeof config?.decoding?.alpha === 'number'],
  ];
  const wrong = tests.find(([, holds]) => !holds)?.[0];
  if (wrong === undefined) return value as TranslatorConfig;
  throw new FormatError({
    operation: 'Translator.load',
    fact: `config.json must describe a translation model: its field ${JSON.stringify(wrong)} is missing or wrong`,
    value: (config as Record<string, unknown> | null)?.[wrong],
    advice: 'use a folder that `d2l train` wrote',
    argument: wrong,
  });
}
