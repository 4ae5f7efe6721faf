// POST /api/v1/attention: how a model attended while it gave an answer.
import { parseAttentionRequest } from '../api/schema.ts';
import { readJson } from './respond.ts';
import type { Handler } from './routes.ts';
import { findModel, runJob } from './runJob.ts';

/** Handles the request; resolves when the answer has been sent. */
export const handleAttention: Handler = async (services, request, response) => {
  const arrived = performance.now();
  const wanted = parseAttentionRequest(await readJson(request));
  await services.engine.settled;
  const card = await findModel(services, wanted.task, wanted.model);
  await runJob(services, request, response, { ...wanted, model: card.id }, arrived, ([segment]) => ({
    model: card.id,
    maps: segment!.maps ?? [],
  }));
};
