// Writes a model folder that a few seconds of training filled: some sentences known by heart.
import { Translator, buildTranslationModel, type TranslatorConfig } from '@d2lts/attention';
import { Adam, Rng, saveModel, valueAndGrads } from '@d2lts/core';
import {
  SubwordTokenizer,
  batchTensors,
  collatePairs,
  encodePairs,
  trainBpe,
  translationLoss,
} from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar } from '@tensorflow/tfjs-core';

/** What the tiny model knows. */
export const tinyPairs = [
  { source: 'I love you.', target: 'Je t’aime.' },
  { source: 'Where is the train station?', target: 'Où est la gare ?' },
  { source: 'She is reading a book.', target: 'Elle lit un livre.' },
  { source: 'It is raining.', target: 'Il pleut.' },
];

const architectures = {
  transformer: { dim: 32, numHeads: 4, ffnDim: 64, encoderLayers: 1, decoderLayers: 1 },
  bahdanau: { embedSize: 16, hiddenSize: 32, numLayers: 1 },
  seq2seq: { embedSize: 16, hiddenSize: 32, numLayers: 1 },
};

interface TinyModelOptions {
  architecture?: keyof typeof architectures;
  seed?: number;
  steps?: number;
}

/** Trains on `tinyPairs` and writes the folder; a backend must have been chosen. Returns the last loss. */
export async function writeTinyModel(
  folder: string,
  { architecture = 'transformer', seed = 1, steps = 90 }: TinyModelOptions = {},
): Promise<number> {
  const texts = tinyPairs.flatMap(({ source, target }) => [source, target]);
  const tokenizer = SubwordTokenizer.fromJSON(trainBpe(texts, { vocabSize: 320, minFrequency: 1 }));
  const config: TranslatorConfig = {
    format: 'd2lts-translation',
    version: 1,
    architecture,
    model: { ...architectures[architecture], vocabSize: tokenizer.vocabSize, dropout: 0, maxLen: 64 },
    special: { pad: 0, bos: 1, eos: 2 },
    languages: { source: 'en', target: 'fr' },
    decoding: { beamSize: 4, alpha: 1, lengthPenalty: 'power' },
  };
  const model = buildTranslationModel(config.architecture, config.model, { rng: new Rng(seed) });
  const batch = batchTensors(collatePairs(encodePairs(tinyPairs, tokenizer, config.special), config.special));
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { lr: 5e-3 });
  let loss = Number.NaN;
  model.train();
  for (let step = 0; step < steps; step += 1) {
    const { value, grads } = valueAndGrads(
      () => translationLoss(model, batch, { pad: 0 }) as Scalar,
      parameters,
    );
    optimizer.step(grads);
    if (step === steps - 1) loss = (await value.data())[0]!;
    tf.dispose([value, grads]);
  }
  tf.dispose(Object.values(batch));
  const translator = Translator.from({ model, tokenizer, config });
  const metrics = {
    data: `${tinyPairs.length} sentences`,
    test: [{ name: 'BLEU', score: 100 - seed, signature: 'nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp' }],
  };
  await saveModel(folder, {
    model,
    config,
    tokenizer: tokenizer.toJSON(),
    metrics,
  });
  translator.dispose();
  return loss;
}
