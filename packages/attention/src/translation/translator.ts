// Translator: text in, text out. The command line, the playground and the evaluation all go through it.
import { ValueError } from '@d2lts/core';
import {
  type Hypothesis,
  type SearchNode,
  type SearchResult,
  type TranslationModel,
  type SubwordTokenizer,
  beamSteps,
  drain,
  loadTokenModel,
  sampleSteps,
  tokensOf,
} from '@d2lts/rnn';
import { forcedDecoding } from './forcedDecoding.ts';
import { type TranslateOptions, searchOptions } from './translateOptions.ts';
import { type TranslatorConfig, translatorFormat } from './translatorConfig.ts';

/** One way to translate a sentence. */
export interface Alternative {
  translation: string;
  /** Summed log-probability over the length's divisor: what ranks alternatives; nats. */
  score: number;
  /** Target tokens as the vocabulary writes them. */
  tokens: string[];
  /** Log-probability of each token; the end token's is last when there is one. */
  logProbs: number[];
}

/** A given translation with the model's opinion of it. */
export interface ScoredTranslation extends Alternative {
  source: string;
  sourceTokens: string[];
  /** Attention of each target token to the source tokens, when asked for: `[target][source]`. */
  attention?: number[][];
}

/** A translated sentence. */
export interface Translation extends Alternative {
  source: string;
  /** Source tokens as the model saw them. */
  sourceTokens: string[];
  /** The `nBest` translations, best first; the first is the translation itself. */
  alternatives: Alternative[];
  /** Attention of each target token to the source tokens, when asked for: `[target][source]`. */
  attention?: number[][];
}

/** What a step of a streamed translation shows. */
export interface TranslationProgress {
  /** Counts from 1. */
  step: number;
  /** The best hypothesis so far, as text. */
  partial: string;
  /** The living hypotheses' last nodes, best first, and the whole tree. */
  alive: readonly SearchNode[];
  tree: readonly SearchNode[];
}

/** A translation model with its tokenizer. */
export class Translator {
  private constructor(
    readonly model: TranslationModel,
    readonly tokenizer: SubwordTokenizer,
    readonly config: TranslatorConfig,
  ) {
    model.eval();
  }

  /** Puts a translator together from its parts; it owns the model from here on. */
  static from(parts: {
    model: TranslationModel;
    tokenizer: SubwordTokenizer;
    config: TranslatorConfig;
  }): Translator {
    return new Translator(parts.model, parts.tokenizer, parts.config);
  }

  /**
   * Loads a model folder that `d2l train` wrote. A backend must have been chosen (`useBackend`).
   *
   * @throws DataError or FormatError when a file is missing or broken
   */
  static async load(path: string): Promise<Translator> {
    const { model, config, tokenizer } = await loadTokenModel(path, translatorFormat);
    return new Translator(model, tokenizer, config);
  }

  /**
   * Translates sentences. `batchSize` sentences at a time go through the model (default 1); a sentence without
   * content gives an empty translation.
   *
   * @throws ValueError for a sentence that is longer than the model can read
   *
   * @example
   * const [first] = await translator.translate(['The cat sleeps.'], { beamSize: 5, nBest: 3 });
   */
  async translate(texts: readonly string[], options: TranslateOptions = {}): Promise<Translation[]> {
    const { batchSize = 1 } = options;
    const sources = texts.map((text) => this.encode(text, 'Translator.translate', 'texts'));
    // Sentences of like length together: less padding.
    const order = sources.map((_, i) => i).filter((i) => sources[i]!.length > 1);
    if (batchSize > 1) order.sort((a, b) => sources[a]!.length - sources[b]!.length || a - b);
    const translations = texts.map((text) => emptyTranslation(text));
    for (let start = 0; start < order.length; start += batchSize) {
      const batch = order.slice(start, start + batchSize);
      const results = await drain(
        this.search(
          batch.map((i) => sources[i]!),
          options,
        ),
      );
      batch.forEach((i, row) => {
        translations[i] = this.read(texts[i]!, sources[i]!, results[row]!);
      });
    }
    return translations;
  }

  /** Translates one sentence and shows every step on the way; returns what `translate` gives. */
  async *stream(
    text: string,
    options: TranslateOptions = {},
  ): AsyncGenerator<TranslationProgress, Translation, void> {
    const source = this.encode(text, 'Translator.stream', 'text');
    if (source.length <= 1) return emptyTranslation(text);
    const search = this.search([source], options);
    for (;;) {
      const next = await search.next();
      if (next.done) return this.read(text, source, next.value[0]!);
      const { step, alive, tree } = next.value;
      const best = alive[0] ?? bestEnded(tree);
      yield { step, partial: this.text(tokensOf(tree, best)), alive, tree };
    }
  }

  /**
   * How likely the model finds a given translation, token by token (forced decoding). The alternative's score is the
   * mean log-probability of a token, the end token included.
   *
   * @throws ValueError for a sentence that is longer than the model can read, or without content
   */
  async score(
    source: string,
    translation: string,
    { attention = false }: { attention?: boolean } = {},
  ): Promise<ScoredTranslation> {
    const { bos, eos } = this.config.special;
    const ids = this.encode(source, 'Translator.score', 'source');
    const target = this.encode(translation, 'Translator.score', 'translation');
    if (ids.length <= 1) {
      throw new ValueError({
        operation: 'Translator.score',
        fact: 'the source must not be empty',
        value: source,
        argument: 'source',
      });
    }
    const forced = await forcedDecoding(this.model.searchDecoder({ attention }), ids, target, bos);
    const total = forced.logProbs.reduce((sum, value) => sum + value, 0);
    return {
      source,
      translation,
      sourceTokens: ids.map((id) => this.tokenizer.token(id)),
      tokens: target.filter((id) => id !== eos).map((id) => this.tokenizer.token(id)),
      logProbs: forced.logProbs,
      score: total / target.length,
      ...(forced.attention && { attention: forced.attention.map((row) => Array.from(row)) }),
    };
  }

  /** The most target tokens for a source of so many, where the caller does not say. */
  targetLimit(length: number, minLength = 0): number {
    return Math.min(this.model.maxLen ?? Infinity, Math.max(2 * length + 10, minLength));
  }

  /** Frees the model. */
  dispose(): void {
    this.model.dispose();
  }

  private encode(text: string, operation: string, argument: string): number[] {
    const ids = [...this.tokenizer.encode(text.trim()), this.config.special.eos];
    const limit = this.model.maxLen ?? Infinity;
    if (ids.length <= limit) return ids;
    throw new ValueError({
      operation,
      fact: `a sentence may have at most ${limit - 1} tokens`,
      value: ids.length - 1,
      advice: 'split it into shorter sentences',
      argument,
    });
  }

  private async *search(
    sources: readonly (readonly number[])[],
    options: TranslateOptions,
  ): AsyncGenerator<Progress, SearchResult[], void> {
    const limits = sources.map(({ length }) => this.targetLimit(length, options.minLength));
    const chosen = searchOptions(this.config, options, limits);
    const decoder = this.model.searchDecoder({ attention: options.attention ?? false });
    if ('sample' in chosen) {
      const search = sampleSteps(decoder, sources, chosen.sample);
      const trees: SearchNode[][] = sources.map(() => []);
      for (;;) {
        const next = await search.next();
        if (next.done) return next.value;
        const { source, step, node } = next.value;
        trees[source]!.push(node);
        yield { step, alive: [node], tree: trees[source]! };
      }
    }
    return yield* beamSteps(decoder, sources, chosen.beam);
  }

  private read(source: string, ids: readonly number[], { hypotheses }: SearchResult): Translation {
    const alternatives = hypotheses.map((hypothesis) => this.alternative(hypothesis));
    const best = alternatives[0] ?? emptyTranslation(source);
    const translation: Translation = {
      ...best,
      source,
      sourceTokens: ids.map((id) => this.tokenizer.token(id)),
      alternatives,
    };
    const attention = hypotheses[0]?.attention;
    // Padding of a batch is cut off: the weights there are 0.
    if (attention !== undefined)
      translation.attention = attention.map((row) => Array.from(row.subarray(0, ids.length)));
    return translation;
  }

  private alternative({ tokens, logProbs, score }: Hypothesis): Alternative {
    return {
      translation: this.text(tokens),
      score,
      tokens: tokens.map((id) => this.tokenizer.token(id)),
      logProbs,
    };
  }

  private text(tokens: readonly number[]): string {
    return this.tokenizer.decode(tokens).trim();
  }
}

interface Progress {
  step: number;
  alive: readonly SearchNode[];
  tree: readonly SearchNode[];
}

function emptyTranslation(source: string): Translation {
  return { source, translation: '', score: 0, tokens: [], logProbs: [], sourceTokens: [], alternatives: [] };
}

function bestEnded(tree: readonly SearchNode[]): SearchNode | undefined {
  return tree.findLast(({ end }) => end !== undefined && end.reason !== 'pruned');
}
