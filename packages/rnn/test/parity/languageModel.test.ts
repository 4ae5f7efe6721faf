// A state dict that PyTorch saved (golden/language_model.py) loads and goes on with the same text.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Rng, readSafetensors, useBackend } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { RNNModel, Vocab, greedySearch } from '../../src/index.ts';

const at = (name: string) => fileURLToPath(new URL(`golden/${name}`, import.meta.url));

it("gives PyTorch's text from PyTorch's weights", async () => {
  await useBackend();
  const golden = JSON.parse(readFileSync(at('language_model.json'), 'utf8')) as {
    vocab: string[];
    texts: Record<string, string>;
  };
  const vocab = Vocab.fromJSON(golden.vocab);
  const config = { vocabSize: vocab.size, hiddenSize: 24, numLayers: 2, embedSize: 8, cell: 'lstm' } as const;
  const model = new RNNModel(config, { rng: new Rng(1) });
  const weights = await readSafetensors(at('language_model.safetensors'));
  model.loadStateDict(weights);
  tf.dispose(weights);
  const prompts = Object.keys(golden.texts).map((prompt) => vocab.indices(prompt));
  const results = await greedySearch(model.searchDecoder(), prompts, { maxLength: 120 });
  expect(results.map(({ hypotheses: [first] }) => vocab.tokens(first!.tokens).join(''))).toEqual(
    Object.values(golden.texts),
  );
});
