// The recipe of a run, as `d2l train` takes it: sizes are small enough to learn something in a minute.
import { type TrainArchitecture, type TrainRun, type TrainSize, trainLimits } from '../api/train.ts';

const sizes: Record<TrainArchitecture, Record<TrainSize, object>> = {
  seq2seq: {
    small: { embedSize: 32, hiddenSize: 64, numLayers: 1 },
    medium: { embedSize: 64, hiddenSize: 128, numLayers: 1 },
    large: { embedSize: 128, hiddenSize: 256, numLayers: 2 },
  },
  bahdanau: {
    small: { embedSize: 32, hiddenSize: 64, numLayers: 1 },
    medium: { embedSize: 64, hiddenSize: 128, numLayers: 1 },
    large: { embedSize: 128, hiddenSize: 256, numLayers: 1 },
  },
  transformer: {
    small: { dim: 48, numHeads: 4, ffnDim: 96, encoderLayers: 1, decoderLayers: 1 },
    medium: { dim: 96, numHeads: 4, ffnDim: 192, encoderLayers: 2, decoderLayers: 2 },
    large: { dim: 160, numHeads: 8, ffnDim: 320, encoderLayers: 3, decoderLayers: 3 },
  },
  lstm: {
    small: { embedSize: 16, hiddenSize: 64, numLayers: 1 },
    medium: { embedSize: 32, hiddenSize: 128, numLayers: 1 },
    large: { embedSize: 64, hiddenSize: 256, numLayers: 2 },
  },
};

/** The text of a run's recipe; JSON is YAML too. `file` holds pasted pairs or the text. */
export function recipeText(run: TrainRun, file: string): string {
  return JSON.stringify(
    run.task === 'translate' ? translation(run, file) : languageModel(run, file),
    null,
    2,
  );
}

function translation(run: TrainRun, file: string) {
  const { architecture, target } = run.settings;
  return {
    task: 'translation',
    data:
      run.data === 'emoji'
        ? { set: 'emoji', source: 'en', target, maxLen: 64 }
        : { file, source: 'und', target: 'und', valid: 0.1, test: 0, maxLen: 64 },
    tokenizer: { vocabSize: 600 },
    model: { architecture, ...sizes[architecture][run.settings.size], dropout: 0, maxLen: 128 },
    training: {
      ...training(run),
      maxTokens: 1024,
      betas: [0.9, 0.98],
      bleuSentences: 40,
      schedule: { kind: 'inverseSquareRoot', warmup: Math.max(1, Math.min(60, run.settings.steps >> 2)) },
    },
    output: { name: run.id },
  };
}

function languageModel(run: TrainRun, file: string) {
  const numSteps = 32;
  const batchSize = Math.max(1, Math.min(32, Math.floor(run.dataSize / (4 * numSteps))));
  return {
    task: 'language-model',
    data: { file, heldOut: 0.1 },
    tokenizer: { kind: 'char' },
    model: { architecture: 'rnn', cell: 'lstm', ...sizes.lstm[run.settings.size] },
    training: { ...training(run), batchSize, numSteps },
    generation: { temperature: 0.8 },
    output: { name: run.id },
  };
}

function training({ settings: { steps, learningRate, seed } }: TrainRun) {
  const every = Math.max(1, Math.ceil(steps / 16));
  return {
    seed,
    lr: learningRate,
    clipNorm: 1,
    maxSteps: steps,
    maxTime: trainLimits.seconds,
    evaluateEvery: every,
    saveEvery: every,
    keepLast: trainLimits.checkpoints,
  };
}
