// POST /api/v1/generate.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { taskDefaults } from '../api/limits.ts';
import { parseGenerateRequest } from '../api/schema.ts';
import type { EngineHost } from '../engine/host.ts';
import { readJson } from './respond.ts';
import { findModel, runJob } from './runJob.ts';

/** Handles the request; resolves when the answer has been sent. */
export async function handleGenerate(
  host: EngineHost,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const arrived = performance.now();
  const parsed = parseGenerateRequest(await readJson(request));
  await host.settled;
  const card = findModel(host, 'generate', parsed.model);
  const { temperature, topP } = { ...taskDefaults.generate, ...card.decoding };
  const wanted = { temperature, topP, ...parsed, model: card.id };
  await runJob(host, request, response, wanted, arrived, ([segment], timing) => {
    const { source: prompt, text, tokens, logProb } = segment!;
    return { model: card.id, prompt, text, tokens, logProb, timing };
  });
}
