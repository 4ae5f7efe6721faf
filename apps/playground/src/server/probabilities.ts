// POST /api/v1/probabilities: what else a translator held probable at each position of an answer.
import { parseProbabilitiesRequest } from '../api/schema.ts';
import { readJson } from './respond.ts';
import type { Handler } from './routes.ts';
import { findModel, runJob } from './runJob.ts';

/** Handles the request; resolves when the answer has been sent. */
export const handleProbabilities: Handler = async (services, request, response) => {
  const arrived = performance.now();
  const wanted = parseProbabilitiesRequest(await readJson(request));
  await services.engine.settled;
  const card = await findModel(services, 'translate', wanted.model);
  await runJob(services, request, response, { ...wanted, model: card.id }, arrived, ([segment]) => ({
    model: card.id,
    tokens: segment!.outputs!,
  }));
};
