// POST /api/v1/translate.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { defaultSettings } from '../api/limits.ts';
import { parseTranslateRequest } from '../api/schema.ts';
import type { TranslateRequest } from '../api/types.ts';
import { readJson } from './respond.ts';
import type { Services } from './routes.ts';
import { findModel, runJob } from './runJob.ts';

/** Handles the request; resolves when the answer has been sent. */
export async function handleTranslate(
  services: Services,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const arrived = performance.now();
  const parsed = parseTranslateRequest(await readJson(request));
  await services.engine.settled;
  const card = await findModel(services, 'translate', parsed.model);
  const { beam, lengthPenalty } = defaultSettings;
  const wanted: TranslateRequest = { beam, lengthPenalty, ...card.decoding, ...parsed, model: card.id };
  await runJob(services, request, response, wanted, arrived, (segments, timing) => ({
    model: card.id,
    translation: segments.map((segment) => segment.text).join('\n'),
    segments,
    timing,
  }));
}
