// TextGenerator: a prompt in, its continuation out. The command line and the playground go through it.
import { ValueError } from '@d2lts/core';
import { checkInteger } from '../checks.ts';
import type { TextScore } from '../metrics/textScore.ts';
import {
  type SampleOptions,
  type StepDecoder,
  drain,
  filteredDistribution,
  greedySteps,
  sampleSteps,
} from '../search/index.ts';
import { checkDraws } from '../search/sample.ts';
import type { SubwordTokenizer } from '../tokenizer/index.ts';
import { type LanguageModelArchitectures, recurrentArchitectures } from './buildLanguageModel.ts';
import type { LanguageModel } from './languageModel.ts';
import { scoreText } from './scoreText.ts';
import { type TextGeneratorConfig, languageModelFormat } from './textGeneratorConfig.ts';
import { loadTokenModel } from './tokenModel.ts';
import { TokenText } from './tokenText.ts';

const operation = 'TextGenerator.generate';

/** How to generate; what is left out is the model's own default. */
export interface GenerateOptions extends Partial<
  Omit<SampleOptions, 'bos' | 'eos' | 'maxLength' | 'minLength' | 'temperature'>
> {
  /** Most tokens to add; default 200. */
  maxTokens?: number;
  /** Divides the log-probabilities; 0 takes the likeliest token always, whatever seed and filters are. */
  temperature?: number;
  /** Tell this many of the likeliest tokens at each position; default 0. */
  top?: number;
}

/** One token of a generated text. */
export interface GeneratedToken {
  id: number;
  /** The text it adds; empty while a character is incomplete. */
  text: string;
  /** Its log-probability in nats, after the rules and before temperature and filters. */
  logProb: number;
  /** The likeliest tokens at this position, likeliest first, as many as `top` asked for. */
  top?: { id: number; text: string; logProb: number }[];
}

/** A generated text. */
export interface GeneratedText {
  prompt: string;
  /** Without the prompt. */
  text: string;
  tokens: GeneratedToken[];
  /** The end of `text` that no token brought: bytes that are no whole character. Usually empty. */
  rest: string;
}

/** A text's score, and how many of its tokens the model does not know. */
export interface GeneratorScore extends TextScore {
  bitsPerCharacter: number;
  /** `<unk>` tokens: the score says little of a text with many. */
  unknown: number;
}

/** A language model with its tokenizer. */
export class TextGenerator {
  private constructor(
    readonly model: LanguageModel,
    readonly tokenizer: SubwordTokenizer,
    readonly config: TextGeneratorConfig,
  ) {
    model.eval();
  }

  /** Puts a generator together from its parts; it owns the model from here on. */
  static from(parts: {
    model: LanguageModel;
    tokenizer: SubwordTokenizer;
    config: TextGeneratorConfig;
  }): TextGenerator {
    return new TextGenerator(parts.model, parts.tokenizer, parts.config);
  }

  /**
   * Loads a model folder that `d2l train` wrote. A backend must have been chosen (`useBackend`).
   *
   * @param architectures kinds of models that it may be; default the recurrent ones (`loadTextGenerator` of
   * @d2lts/attention knows all)
   * @throws DataError or FormatError when a file is missing or broken
   */
  static async load(
    path: string,
    { architectures = recurrentArchitectures }: { architectures?: LanguageModelArchitectures } = {},
  ): Promise<TextGenerator> {
    const kind = languageModelFormat(architectures);
    const { model, config, tokenizer } = await loadTokenModel(path, kind);
    return new TextGenerator(model, tokenizer, config);
  }

  /**
   * Continues a prompt (by default the model's own) token by token.
   *
   * @throws ValueError for a prompt without tokens, or an option's impossible value
   *
   * @example
   * for await (const { text } of generator.stream('ROMEO:', { seed: 1 })) process.stdout.write(text);
   */
  async *stream(
    prompt: string = this.config.generation.prompt,
    options: GenerateOptions = {},
  ): AsyncGenerator<GeneratedToken, GeneratedText, void> {
    const ids = this.encodePrompt(prompt);
    const { maxTokens = 200, temperature, topP, topK, minP, seed = 0, top = 0, ...rules } = options;
    checkInteger(operation, 'maxTokens', maxTokens, 1);
    checkInteger(operation, 'top', top, 0);
    const own = this.config.generation;
    const heat = temperature ?? own.temperature;
    const search = { bannedTokens: this.banned(), ...rules, maxLength: maxTokens };
    const filters = {
      topP: topP ?? own.topP,
      ...(topK === undefined ? {} : { topK }),
      ...(minP === undefined ? {} : { minP }),
    };
    checkDraws(operation, { seed, ...filters });
    const decoder = this.model.searchDecoder() as StepDecoder<readonly number[], unknown>;
    const steps =
      heat === 0
        ? greedySteps(decoder, [ids], search)
        : sampleSteps(decoder, [ids], { ...search, ...filters, seed, temperature: heat });
    const text = new TokenText(this.tokenizer, ids);
    const tokens: GeneratedToken[] = [];
    for await (const { node, logProbs } of steps) {
      const token: GeneratedToken = { id: node.token, text: text.push(node.token), logProb: node.logProb };
      if (top > 0) token.top = this.likeliest(logProbs, top);
      tokens.push(token);
      yield token;
    }
    const rest = text.end();
    return { prompt, text: tokens.map(({ text }) => text).join('') + rest, tokens, rest };
  }

  /** The same to its end. */
  async generate(prompt?: string, options: GenerateOptions = {}): Promise<GeneratedText> {
    return drain(this.stream(prompt, options));
  }

  /**
   * How well the model predicts a text.
   *
   * @param batchSize parts that are read side by side, each without a past; default 1 (of a model that sees a window:
   * windows read side by side, which changes the speed only)
   * @throws ValueError when the text has fewer than two tokens
   */
  async score(text: string, { batchSize = 1 }: { batchSize?: number } = {}): Promise<GeneratorScore> {
    const ids = this.tokenizer.encode(text);
    if (ids.length < 2 * batchSize) {
      throw new ValueError({
        operation: 'TextGenerator.score',
        fact: `the text must have at least ${2 * batchSize} tokens`,
        value: ids.length,
        argument: 'text',
      });
    }
    const characters = Array.from(text).length;
    const score = await scoreText(this.model, ids, { batchSize, characters });
    const unk = this.tokenizer.id('<unk>');
    const unknown = ids.filter((id) => id === unk).length;
    return { ...score, bitsPerCharacter: score.bitsPerCharacter!, unknown };
  }

  /** Frees the model. */
  dispose(): void {
    this.model.dispose();
  }

  private encodePrompt(prompt: string): number[] {
    if (/\p{Surrogate}/u.test(prompt)) {
      throw new ValueError({
        operation,
        fact: 'the prompt must be whole characters, without half of a surrogate pair',
        value: prompt,
        argument: 'prompt',
      });
    }
    const ids = this.tokenizer.encode(prompt);
    if (ids.length > 0) return ids;
    throw new ValueError({
      operation,
      fact: 'the prompt must have at least one token',
      value: prompt,
      advice: "leave it out for the model's own, or start with a line break",
      argument: 'prompt',
    });
  }

  private likeliest(logProbs: Float32Array, count: number): NonNullable<GeneratedToken['top']> {
    const { tokens } = filteredDistribution(logProbs, { topK: count });
    return tokens.map((id) => ({ id, text: this.tokenizer.decode([id]), logProb: logProbs[id]! }));
  }

  /** `<unk>` and other tokens that are no text. */
  private banned(): number[] {
    const names = ['<unk>', '<pad>', '<bos>', '<eos>'];
    return names.flatMap((name) => this.tokenizer.id(name) ?? []);
  }
}
