// Parallel corpora by name, split into train, valid and test.
import { ConfigError, DataError, adviseName } from '../../errors/index.ts';
import type { DataOrigin, LocateOptions } from '../registry/locate.ts';
import { emojiLanguages, readEmojiPairs } from './emoji.ts';
import { dataRegistry } from './known.ts';
import { readParallelFiles, readTabPairs } from './pairs.ts';
import {
  groupReferences,
  splitPairs,
  type SentencePair,
  type SplitPairs,
  type SplitShares,
} from './split.ts';

/** Parallel corpora that `loadTranslation` knows. */
export const translationSets = ['fra-eng', 'cmn-eng', 'multi30k', 'emoji'] as const;
export type TranslationSet = (typeof translationSets)[number];

export interface TranslationOptions extends LocateOptions {
  /** Languages; by default the set's own (English to its other language). */
  source?: string;
  target?: string;
  /** Serve the embedded `emoji` set when the asked one is nowhere to be had. */
  fallback?: boolean;
  /** Other shares than the set's own. Not for multi30k, whose parts are given. */
  shares?: SplitShares;
}

/** A parallel corpus in parts. */
export interface TranslationData extends SplitPairs {
  /** The set that was loaded. */
  name: TranslationSet;
  source: string;
  target: string;
  licence: string;
  attribution?: string;
  origin: DataOrigin;
}

// Shares of the English sentences: 2,000 test sentences and more where the set is large enough.
const fraEngShares: SplitShares = { test: 0.025, valid: 0.01 };
const cmnEngShares: SplitShares = { test: 0.08, valid: 0.04 };
const emojiShares: SplitShares = { test: 0.1, valid: 0.05 };

/**
 * Loads a parallel corpus. `fra-eng`, `cmn-eng` and `emoji` are split by their English side (see `splitPosition`),
 * multi30k keeps its own parts.
 *
 * @throws DataError when the set cannot be found; ConfigError for unknown names and languages
 * @example
 * const { train, valid, test } = await loadTranslation('fra-eng');
 */
export async function loadTranslation(
  name: string,
  options: TranslationOptions = {},
): Promise<TranslationData> {
  if (!(translationSets as readonly string[]).includes(name)) {
    throw new ConfigError({
      operation: 'loadTranslation',
      fact: 'there must be a parallel corpus of this name',
      value: name,
      advice: adviseName(name, translationSets),
      argument: 'name',
    });
  }
  try {
    return await loaders[name as TranslationSet](options);
  } catch (error) {
    const missing = error instanceof DataError && error.code === 'ERR_DATA_MISSING';
    if (!options.fallback || !missing) throw error;
    return loaders.emoji(name === 'cmn-eng' ? { target: 'zh', ...options } : options);
  }
}

const loaders: Record<TranslationSet, (options: TranslationOptions) => Promise<TranslationData>> = {
  'fra-eng': (options) =>
    loadTatoeba('fra-eng', 'fr', ['fra.txt.gz', 'fra.txt', 'fra-eng.zip'], fraEngShares, options),
  'cmn-eng': (options) => loadTatoeba('cmn-eng', 'zh', ['cmn.txt.gz', 'cmn.txt'], cmnEngShares, options),
  multi30k: loadMulti30k,
  emoji: loadEmoji,
};

async function loadTatoeba(
  name: 'fra-eng' | 'cmn-eng',
  other: string,
  files: string[],
  shares: SplitShares,
  options: TranslationOptions,
): Promise<TranslationData> {
  const { source, target } = languagePair(name, ['en', other], options);
  const { path, origin } = await dataRegistry.locate(name, files, options);
  const read = await readTabPairs(path);
  const pairs = source === 'en' ? read : read.map((pair) => ({ source: pair.target, target: pair.source }));
  const parts = splitPairs(pairs, options.shares ?? shares, source === 'en' ? 'source' : 'target');
  return { name, source, target, origin, ...termsOf(name), ...parts };
}

async function loadMulti30k(options: TranslationOptions): Promise<TranslationData> {
  const { source, target } = languagePair('multi30k', ['en', 'fr', 'de', 'cs'], options);
  const origins: DataOrigin[] = [];
  const read = async (part: string): Promise<SentencePair[]> => {
    const paths: string[] = [];
    for (const language of [source, target]) {
      const name = `${part}.${language}`;
      const { path, origin } = await dataRegistry.locate('multi30k', [`${name}.gz`, name], options);
      origins.push(origin);
      paths.push(path);
    }
    return readParallelFiles(paths[0]!, paths[1]!);
  };
  const train = await read('train');
  const valid = groupReferences(await read('val'));
  const test = groupReferences(await read('test_2016_flickr'));
  return {
    name: 'multi30k',
    source,
    target,
    origin: origins[0]!,
    ...termsOf('multi30k'),
    train,
    valid,
    test,
  };
}

async function loadEmoji(options: TranslationOptions): Promise<TranslationData> {
  const { source, target } = languagePair('emoji', emojiLanguages, {
    source: 'en',
    target: 'fr',
    ...options,
  });
  const pairs = await readEmojiPairs(source, target);
  const parts = splitPairs(pairs, options.shares ?? emojiShares, target === 'en' ? 'target' : 'source');
  return { name: 'emoji', source, target, licence: 'MIT', origin: 'embedded', ...parts };
}

/** The wished languages, or the set's first two; two different ones of the set. */
function languagePair(
  name: string,
  known: readonly string[],
  options: { source?: string; target?: string },
): { source: string; target: string } {
  const source = options.source ?? known.find((language) => language !== options.target)!;
  const target = options.target ?? known.find((language) => language !== source)!;
  for (const [argument, language] of Object.entries({ source, target })) {
    if (known.includes(language) && source !== target) continue;
    throw new ConfigError({
      operation: 'loadTranslation',
      fact: `source and target must be two languages of ${name}`,
      value: language,
      advice: `its languages: ${known.join(', ')}`,
      argument,
    });
  }
  return { source, target };
}

function termsOf(name: string): { licence: string; attribution?: string } {
  const { licence, attribution } = dataRegistry.get(name);
  return { licence, ...(attribution === undefined ? {} : { attribution }) };
}
