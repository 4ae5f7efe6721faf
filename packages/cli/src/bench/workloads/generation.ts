// G_char_lstm_generate: 100 characters from the shipped Shakespeare model, one at a time, as `d2l generate` does it.
import { TextGenerator } from '@d2lts/rnn';
import { shippedModel } from '../../defaultModel.ts';
import type { Workload } from '../workload.ts';

const tokens = 100;

const generation: Workload = () => {
  const loading = TextGenerator.load(shippedModel('shakespeare-lstm'));
  return {
    async step(i) {
      const generator = await loading;
      await generator.generate('\n', { maxTokens: tokens, temperature: 0.8, topP: 1, seed: i });
    },
    tokens,
  };
};

export const generationWorkloads: Record<string, Workload> = { G_char_lstm_generate: generation };
