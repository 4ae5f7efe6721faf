// POST /api/v1/generate.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { taskDefaults } from '../api/limits.ts';
import { parseGenerateRequest } from '../api/schema.ts';
import { readJson } from './respond.ts';
import type { Services } from './routes.ts';
import { findModel, runJob } from './runJob.ts';

/** Handles the request; resolves when the answer has been sent. */
export async function handleGenerate(
  services: Services,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const arrived = performance.now();
  const parsed = parseGenerateRequest(await readJson(request));
  await services.engine.settled;
  const card = await findModel(services, 'generate', parsed.model);
  const { temperature, topP } = { ...taskDefaults.generate, ...card.decoding };
  const wanted = { temperature, topP, ...parsed, model: card.id };
  await runJob(services, request, response, wanted, arrived, ([segment], timing) => {
    const { source: prompt, text, tokens, logProb } = segment!;
    return { model: card.id, prompt, text, tokens, logProb, timing };
  });
}
