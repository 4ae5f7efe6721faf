// How the worker goes on from a prompt; and what it tells of the text afterwards.
import { loadTextGenerator } from '@d2lts/attention';
import type { TextGenerator } from '@d2lts/rnn';
import type { AttentionRequest } from '../../api/types.ts';
import { emptySegment, type ModeEngine } from '../../engine/engine.ts';
import { languageModelMaps } from './attention.ts';
import { generateContract, type GenerateRequest } from './contract.ts';
import { generateText } from './generateText.ts';

export const generateEngine: ModeEngine = {
  id: generateContract.id,
  load: loadTextGenerator,
  jobs: {
    answer: async (generator: TextGenerator, request: GenerateRequest, tell, cancelled) => [
      await generateText(generator, request, tell, cancelled),
    ],
    attention: async (generator: TextGenerator, { text, tokens }: AttentionRequest) => [
      { ...emptySegment(text), maps: await languageModelMaps(generator, text, tokens) },
    ],
  },
};
