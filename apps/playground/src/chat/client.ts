// The page's side of /api/v1: every request the interface makes goes through here.
import type { ApiErrorBody, ModelList, StreamEvent, Task } from '../api/types.ts';
import { contractOf, type Ask } from '../modes/contract.ts';
import { ExplainedError } from './explainedError.ts';
import type { Version } from './conversations.ts';
import { randomId } from './randomId.ts';
import { EventParser } from './sse.ts';

/** What a version was asked with. */
export const askOf = ({ source: text, model, settings, prefix, prefixLine }: Version): Ask => ({
  text,
  model,
  settings,
  prefix,
  prefixLine,
});

/** An answer that is an error: `code` is stable, the message tells the next step in the page's language. */
export class RequestError extends ExplainedError {
  override readonly name = 'RequestError';

  constructor(
    code: string,
    message: string,
    readonly retryAfter?: number,
  ) {
    super(code, message);
  }
}

const clientId = () => {
  try {
    const key = 'd2lts.client';
    const known = sessionStorage.getItem(key) ?? randomId();
    sessionStorage.setItem(key, known);
    return known;
  } catch {
    return 'page';
  }
};

/** A request to the API; throws a RequestError for an answer that is one. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new RequestError('offline', 'The server does not answer; check that `npm start` is still running.');
  }
  if (response.ok) return response;
  const body = (await response.json().catch(() => undefined)) as ApiErrorBody | undefined;
  const retry = Number(response.headers.get('retry-after'));
  throw new RequestError(
    body?.error.code ?? `http_${response.status}`,
    body?.error.message ?? `The server answered ${response.status}; reload the page.`,
    retry > 0 ? retry : undefined,
  );
}

const post = (path: string, body: unknown, signal?: AbortSignal) =>
  request(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Client-Id': clientId() },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });

/** `GET /api/v1/models`, with those checkpoints of runs that the list would leave out. */
export async function fetchModels(included: readonly string[]): Promise<ModelList> {
  const query = new URLSearchParams(included.map((id) => ['include', id])).toString();
  return (await request(`/api/v1/models${query && '?'}${query}`)).json() as Promise<ModelList>;
}

/** `POST` that answers one JSON object. */
export async function postJson<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return (await post(path, body, signal)).json() as Promise<T>;
}

/** `POST` to the task's route: yields the events of the stream; ends after `done`, throws on `error`. */
export async function* streamAnswer(task: Task, ask: Ask, signal: AbortSignal): AsyncGenerator<StreamEvent> {
  const response = await post(
    `/api/v1/${task}`,
    { ...contractOf(task).requestBody(ask), stream: true },
    signal,
  );
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const parser = new EventParser();
  let finished = false;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    for (const data of parser.push(value)) {
      const event = JSON.parse(data) as StreamEvent;
      if (event.type === 'error') throw new RequestError(event.code, event.message);
      finished ||= event.type === 'done';
      yield event;
    }
  }
  if (!finished) throw new RequestError('interrupted', 'The answer stopped half-way; send it again.');
}
