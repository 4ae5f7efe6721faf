// A route that asks a model: checks the body, finds the model, runs one kind of job, answers.
import type { z } from 'zod';
import { validate } from '../api/schema.ts';
import type { ModelCard, ModelRequest, Segment, Task, Timing } from '../api/types.ts';
import { readJson } from './respond.ts';
import type { Handler } from './routes.ts';
import { findModel, runJob } from './runJob.ts';

/** What sets such a route apart from others. */
export interface JobRoute<Parsed extends ModelRequest> {
  /** The mode whose model and job it is. */
  task: Task | ((request: Parsed) => Task);
  kind: string;
  schema: z.ZodType<Parsed>;
  /** What the model itself sets where the request does not. */
  defaultsOf?(card: ModelCard): object;
  /** What is finally said. */
  resultOf(card: ModelCard, segments: Segment[], timing: Timing): object;
}

/** The handler of such a route; it resolves when the answer has been sent. */
export function jobRoute<Parsed extends ModelRequest>(route: JobRoute<Parsed>): Handler {
  return async (services, request, response) => {
    const arrived = performance.now();
    const parsed = validate(route.schema, await readJson(request));
    await services.engine.settled;
    const task = typeof route.task === 'string' ? route.task : route.task(parsed);
    const card = await findModel(services, task, parsed.model);
    const job = {
      task,
      kind: route.kind,
      request: { ...route.defaultsOf?.(card), ...parsed, model: card.id },
    };
    await runJob(services, request, response, job, arrived, (segments, timing) =>
      route.resultOf(card, segments, timing),
    );
  };
}
