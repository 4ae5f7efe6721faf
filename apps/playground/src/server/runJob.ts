// Runs a request on the engine and answers with events, or with one object; what every route to a model shares.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '../api/errors.ts';
import type {
  AnswerResult,
  JobRequest,
  ModelCard,
  Segment,
  StreamEvent,
  Task,
  Timing,
} from '../api/types.ts';
import { parseCheckpointModel } from '../api/train.ts';
import { engineFailed } from '../engine/host.ts';
import { openEvents, sendError, sendJson, toApiError } from './respond.ts';
import type { Services } from './routes.ts';

/** The model that a request names, or the first one for its task; or says which models there are. */
export async function findModel(
  { engine: host, training }: Services,
  task: Task,
  wanted: string,
): Promise<ModelCard> {
  const trained = parseCheckpointModel(wanted) && (await (await training)?.model(wanted));
  if (trained?.task === task) return trained;
  if (host.status === 'failed') throw engineFailed(host.reason);
  const models = (host.info?.models ?? []).filter((card) => card.task === task);
  if (models.length === 0)
    throw new ApiError(
      503,
      'no_model',
      `No model that can ${task} is installed; train one with \`npx d2l train\`, or point D2LTS_MODELS to a folder of models, and start again`,
    );
  const card = wanted === '' ? models[0] : models.find(({ id }) => id === wanted);
  if (card) return card;
  throw new ApiError(
    404,
    'unknown_model',
    `There is no model ${JSON.stringify(wanted)} that can ${task}; choose one of ${models.map(({ id }) => id).join(', ')}`,
  );
}

/** Who is asking, for fairness: a page's own id if it sends one, else the address. */
function clientOf(request: IncomingMessage): string {
  const id = request.headers['x-client-id'];
  return typeof id === 'string' && id.length > 0
    ? id.slice(0, 64)
    : (request.socket.remoteAddress ?? 'unknown');
}

/** Runs a job; resolves when the answer has been sent. `resultOf` shapes what is finally said. */
export async function runJob(
  { engine }: Services,
  request: IncomingMessage,
  response: ServerResponse,
  job: JobRequest,
  arrived: number,
  resultOf: (segments: Segment[], timing: Timing) => object,
): Promise<void> {
  const abort = new AbortController();
  response.once('close', () => abort.abort());
  let startedAt = arrived;
  let firstAt = 0;
  let send: ReturnType<typeof openEvents> | undefined;
  /** Sends an event; the 200 goes out with the first, so that a full queue can still answer 503. */
  const tell = (event: StreamEvent) => {
    if (!job.request.stream || response.destroyed) return;
    send ??= openEvents(response);
    send(event);
  };

  try {
    const segments = await engine.submit(
      clientOf(request),
      job,
      {
        queued: (position) => tell({ type: 'queued', position }),
        started: () => {
          startedAt = performance.now();
        },
        event: (event) => {
          if (firstAt === 0 && (event.type === 'token' || event.type === 'step')) firstAt = performance.now();
          tell(event);
        },
      },
      abort.signal,
    );
    const now = performance.now();
    const result = resultOf(segments, {
      queued: Math.round(startedAt - arrived),
      firstToken: Math.round((firstAt || now) - arrived),
      total: Math.round(now - arrived),
    });
    if (!job.request.stream) return sendJson(response, 200, result);
    tell({ type: 'done', ...(result as AnswerResult) });
    response.end();
  } catch (thrown) {
    const error = toApiError(thrown);
    if (!send) return sendError(response, error);
    if (error.status === 499) response.destroy();
    else {
      tell({ type: 'error', code: error.code, message: error.message });
      response.end();
    }
  }
}
