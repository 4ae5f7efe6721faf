// Every model that ships loads, is small, works, and has a card that says what its metrics say.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Translator, loadTextGenerator } from '@d2lts/attention';
import { useBackend } from '@d2lts/core';
import type { TextScore } from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LanguageModelMetrics } from './train/languageModel/card.ts';
import type { ModelMetrics } from './train/modelCard.ts';

const models = fileURLToPath(new URL('../../../models', import.meta.url));
const names = readdirSync(models);
const textOf = (name: string, file: string) => readFileSync(join(models, name, file), 'utf8');
const jsonOf = (name: string, file: string) => JSON.parse(textOf(name, file)) as unknown;
const translates = (name: string) =>
  (jsonOf(name, 'config.json') as { format: string }).format === 'd2lts-translation';

beforeAll(async () => {
  await useBackend();
});

it('are the ones that are expected', () => {
  expect(names.filter(translates)).toEqual(
    expect.arrayContaining(['en-fr-bahdanau', 'en-fr-seq2seq', 'en-fr-transformer', 'en-zh-transformer']),
  );
  expect(names.filter((name) => !translates(name))).toContain('shakespeare-transformer');
});

describe.each(names)('%s', (name) => {
  it('takes at most 20 MB', () => {
    const files = readdirSync(join(models, name));
    const bytes = files.reduce((sum, file) => sum + statSync(join(models, name, file)).size, 0);
    expect(bytes).toBeLessThanOrEqual(20e6);
  });

  it('loads, has the parameters that it says, and writes', async () => {
    const { parameters } = jsonOf(name, 'metrics.json') as { parameters: number };
    const path = join(models, name);
    if (translates(name)) {
      const translator = await Translator.load(path);
      expect(translator.model.parameterCount()).toBe(parameters);
      const [result] = await translator.translate(['Thank you.']);
      expect(result!.translation.length).toBeGreaterThan(1);
      translator.dispose();
    } else {
      const generator = await loadTextGenerator(path);
      expect(generator.model.parameterCount()).toBe(parameters);
      const { text } = await generator.generate(undefined, { seed: 1, maxTokens: 8 });
      expect(text.length).toBeGreaterThan(1);
      generator.dispose();
    }
  });

  it('has a card with the scores, signatures and circumstances of its metrics', () => {
    const metrics = jsonOf(name, 'metrics.json') as ModelMetrics | LanguageModelMetrics;
    const card = textOf(name, 'README.md');
    const { training, parameters, dtype, date } = metrics;
    const facts = [
      `${parameters.toLocaleString('en')} parameters, stored as ${dtype}`,
      `${training.steps} steps (${training.epochs} whole passes`,
      `in ${(training.seconds / 60).toFixed(1)} minutes`,
      `\`${training.backend.name}\` backend`,
      `${training.backend.threads} threads, seed ${training.seed};`,
      `${training.weights}; ${date}.`,
      `Licence of the training data: ${metrics.data.licence}.`,
      ...('valid' in metrics ? translationFacts(metrics) : languageFacts(metrics)),
    ];
    const words = card.replaceAll(/\s+/g, ' ');
    for (const fact of facts) expect(words).toContain(fact);
    const recipe = JSON.parse(/```json\n([^]*?)\n```/.exec(card)![1]!) as { training: { seed: number } };
    expect(recipe.training.seed).toBe(training.seed);
  });
});

it('write 10,000 tokens without a leak', async () => {
  const generator = await loadTextGenerator(join(models, 'time-machine-lstm'));
  let written = 0;
  let held: number | undefined;
  for await (const _ of generator.stream('the time', { maxTokens: 10_000, seed: 1 })) {
    written += 1;
    if (written === 10) held = tf.memory().numTensors;
    else if (written % 1000 === 0) expect(tf.memory().numTensors).toBe(held);
  }
  expect(written).toBe(10_000);
  generator.dispose();
});

function translationFacts({ scores, valid, data }: ModelMetrics): string[] {
  const { decoding, sentences } = scores;
  const signed = Object.values(scores).filter((value) => typeof value === 'object' && 'signature' in value);
  expect(signed.length).toBeGreaterThanOrEqual(4);
  return [
    `\`${data.set}\`: ${sentences} sentences`,
    `beam ${decoding.beamSize}, length normalisation \`${decoding.lengthPenalty}\` with alpha ${decoding.alpha}.`,
    `Validation: ${Object.entries(valid)
      .map(([metric, value]) => `${metric} ${value.toFixed(3)}`)
      .join(', ')}.`,
    ...signed.map(
      ({ score, signature }) => `| ${score.toFixed(2)} | \`${signature.replaceAll('|', '\\|')}\` |`,
    ),
  ];
}

function languageFacts({ scores, data, training }: LanguageModelMetrics): string[] {
  const row = ({ nats, perplexity, bitsPerCharacter }: TextScore) =>
    `| ${nats.toFixed(4)} | ${perplexity.toFixed(3)} | ${bitsPerCharacter!.toFixed(4)} |`;
  return [
    `Text: ${data.set}, ${data.trainingTokens.toLocaleString('en')} tokens.`,
    `(${data.heldOutTokens.toLocaleString('en')} tokens), which no training saw`,
    `Kneser-Ney ${scores.ngram!.order}-gram ${row(scores.ngram!)}`,
    row(scores.heldOut!),
    `Perplexity in the last pass of training: ${scores.trainingPerplexity.toFixed(3)}.`,
    `${training.tokensPerSecond.toLocaleString('en')} tokens a second`,
  ];
}
