// Scores a trained language model as it will be stored, and stores it.
import { loadTextGenerator } from '@d2lts/attention';
import { type FitResult, saveModel } from '@d2lts/core';
import {
  type LanguageModel,
  type TextGeneratorConfig,
  type TextScore,
  KneserNeyModel,
  NgramCounts,
  type TextGenerator,
  scoreNgrams,
  scoreText,
  textScore,
} from '@d2lts/rnn';
import type { LanguageModelRecipe } from '../../recipe/languageModel.ts';
import type { TrainOptions } from '../trainOptions.ts';
import { runMetrics } from '../runMetrics.ts';
import { type LanguageModelMetrics, languageModelCard } from './card.ts';
import type { LanguageData } from './data.ts';

/** What training hands over. */
export interface TrainedLanguageModel {
  model: LanguageModel;
  config: TextGeneratorConfig;
  data: LanguageData;
  options: TrainOptions<LanguageModelRecipe>;
  result: FitResult;
  trainingPerplexity: number;
  /** Which checkpoint the weights are. */
  weights: string;
}

/** Seed and length of the sample in the card. */
const sample = { seed: 1, maxTokens: 400 };

/** Writes the model folder. */
export async function writeLanguageModel(path: string, trained: TrainedLanguageModel): Promise<void> {
  const { model, config, data, options, result } = trained;
  const { recipe, say } = options;
  const { dtype, name, ngramOrder } = recipe.output;
  await saveModel(path, { model, config, tokenizer: data.tokenizer.toJSON() }, { dtype });
  say('scoring the held-out text');
  const stored = await loadTextGenerator(path);
  const heldOut = await scoreHeldOut(stored, data);
  const run = runMetrics(model, result, options, trained.weights);
  const tokensPerSecond = Math.round(tokensSeen(recipe, result.step) / result.elapsed);
  const metrics: LanguageModelMetrics = {
    ...run,
    data: {
      set: data.name,
      licence: data.licence,
      trainingTokens: data.train.length,
      heldOutTokens: data.heldOut.length,
    },
    scores: {
      heldOut,
      trainingPerplexity: trained.trainingPerplexity,
      ngram:
        ngramOrder === undefined || heldOut === null
          ? null
          : { order: ngramOrder, ...scoreKneserNey(data, ngramOrder) },
    },
    training: { ...run.training, tokensPerSecond },
  };
  const { prompt, text } = await stored.generate(undefined, sample);
  stored.dispose();
  const readme = languageModelCard({
    name,
    config,
    recipe,
    metrics,
    sample: { ...sample, text: prompt + text },
  });
  await saveModel(path, { config, metrics: metrics as never, readme });
  say(
    heldOut === null
      ? `perplexity ${trained.trainingPerplexity.toFixed(3)} in training`
      : `held out: ${heldOut.nats.toFixed(4)} nats a token, perplexity ${heldOut.perplexity.toFixed(3)}, ` +
          `${heldOut.bitsPerCharacter!.toFixed(4)} bits a character`,
  );
}

/** The config.json of a recipe's model folder. */
export function folderConfig(
  { model: { architecture }, generation: { prompt, temperature, topP } }: LanguageModelRecipe,
  model: TextGeneratorConfig['model'],
  data: LanguageData,
): TextGeneratorConfig {
  return {
    format: 'd2lts-language-model',
    version: 1,
    architecture,
    model,
    generation: { prompt: prompt ?? firstPrompt(data), temperature, topP },
  };
}

/** A line break where the vocabulary has one, else the first token of the training text. */
function firstPrompt({ tokenizer, train }: LanguageData): string {
  const lineBreak = tokenizer.encode('\n');
  const known = lineBreak.length > 0 && tokenizer.decode(lineBreak) === '\n';
  return known ? '\n' : tokenizer.decode([train[0]!]);
}

/** The whole held-out text in one piece: every token but the first is predicted from all before it. */
async function scoreHeldOut(
  { model }: TextGenerator,
  { heldOut, heldOutCharacters }: LanguageData,
): Promise<TextScore | null> {
  if (heldOut.length < 2) return null;
  return scoreText(model, heldOut, { characters: heldOutCharacters });
}

function scoreKneserNey({ train, heldOut, heldOutCharacters, tokenizer }: LanguageData, order: number) {
  const model = new KneserNeyModel(new NgramCounts(order, tokenizer.vocabSize).add(train));
  const { nats, tokens } = scoreNgrams(model, heldOut, { skip: 1 }); // the same tokens as the neural model
  return textScore(nats * tokens, tokens, heldOutCharacters);
}

function tokensSeen({ training }: LanguageModelRecipe, steps: number): number {
  return steps * training.batchSize * training.numSteps * training.accumulate;
}
