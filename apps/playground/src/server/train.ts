// /api/v1/train: start, watch, pause, resume, stop and delete training runs.
import { parseTrainRequest } from '../api/trainSchema.ts';
import { maxTrainBodyBytes, trainLimits, type TrainList } from '../api/train.ts';
import { ApiError } from '../api/errors.ts';
import type { TrainHost } from '../training/trainHost.ts';
import { openEvents, readJson, sendJson } from './respond.ts';
import type { Handler, Services } from './routes.ts';

/** Milliseconds between comments that keep a quiet stream open. */
const heartbeat = 15_000;

async function trainingOf({ training }: Services): Promise<TrainHost> {
  const host = await training;
  if (!host) throw new ApiError(503, 'no_training', 'This server does not train; start it with `npm start`');
  await host.ready;
  return host;
}

export const handleTrainList: Handler = async (services, _request, response) => {
  const list: TrainList = { runs: (await trainingOf(services)).list(), limits: trainLimits };
  sendJson(response, 200, list);
};

export const handleTrainStart: Handler = async (services, request, response) => {
  const host = await trainingOf(services);
  const wanted = parseTrainRequest(await readJson(request, maxTrainBodyBytes));
  sendJson(response, 201, await host.start(wanted));
};

export const handleTrainRun: Handler = async (services, _request, response, id) =>
  sendJson(response, 200, (await trainingOf(services)).get(id));

export const handleTrainRemove: Handler = async (services, _request, response, id) => {
  await (await trainingOf(services)).remove(id);
  sendJson(response, 200, { deleted: id });
};

export const handleTrainResume: Handler = async (services, _request, response, id) =>
  sendJson(response, 200, await (await trainingOf(services)).resume(id));

export const handleTrainPause: Handler = async (services, _request, response, id) =>
  sendJson(response, 202, await (await trainingOf(services)).end(id, 'pause'));

export const handleTrainStop: Handler = async (services, _request, response, id) =>
  sendJson(response, 202, await (await trainingOf(services)).end(id, 'stop'));

/** Tells the run and then what changes, until the client goes away or the run has ended. */
export const handleTrainEvents: Handler = async (services, request, response, id) => {
  const host = await trainingOf(services);
  host.get(id);
  if (request.method === 'HEAD') return void response.end();
  let tell: ReturnType<typeof openEvents> | undefined;
  const unwatch = host.watch(id, (event) => {
    tell ??= openEvents(response);
    tell(event);
    if (host.get(id).status !== 'running' && (event.type === 'status' || event.type === 'run'))
      response.end();
  });
  const timer = setInterval(() => response.write(': still here\n\n'), heartbeat);
  timer.unref();
  response.once('close', () => {
    clearInterval(timer);
    unwatch();
  });
};
