// A visitor of the load test: streams one translation or generation after the other, and now and then stops one.
import { Agent, request, type IncomingMessage } from 'node:http';
import type { StreamEvent } from '../../../apps/playground/src/api/types.ts';
import { EventParser } from '../../../apps/playground/src/chat/sse.ts';

/** What all visitors saw together. */
export interface Tally {
  done: number;
  stopped: number;
  /** Whole answers by the last part of their path. */
  kinds: Record<string, number>;
  /** Orderly refusals by status: 429 and 503. */
  refused: Record<string, number>;
  /** Milliseconds to the first token and to the end, waiting in the queue included. */
  firstToken: number[];
  total: number[];
  /** Whatever should not have happened. */
  problems: string[];
}

/** An empty tally. */
export const createTally = (): Tally => ({
  done: 0,
  kinds: {},
  stopped: 0,
  refused: {},
  firstToken: [],
  total: [],
  problems: [],
});

/** A request to send: the path of a route and its body. */
export interface Job {
  path: string;
  body: object;
  /** Whether the visitor goes away after the first token. */
  stops?: boolean;
  /** Whether the answer is one JSON object, not a stream of events. */
  whole?: boolean;
}

/** Sends a request on an agent's connections; resolves with the answer's head. */
export function open(
  origin: string,
  path: string,
  agent: Agent,
  options: { body?: object; client?: string } = {},
): Promise<IncomingMessage> {
  const body = options.body && JSON.stringify(options.body);
  return new Promise((resolve, reject) => {
    const sent = request(origin + path, {
      agent,
      method: body ? 'POST' : 'GET',
      headers: {
        ...(body ? { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) } : {}),
        ...(options.client ? { 'X-Client-Id': options.client } : {}),
      },
    });
    sent.on('response', resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Runs one job to its end; returns the seconds to wait when it was refused in an orderly way. */
export async function runJob(
  origin: string,
  client: string,
  { path, body, stops = false, whole = false }: Job,
  agent: Agent,
  tally: Tally,
): Promise<number> {
  const started = performance.now();
  const finished = () => {
    const kind = path.split('/').at(-1)!;
    tally.kinds[kind] = (tally.kinds[kind] ?? 0) + 1;
    tally.done += 1;
    tally.total.push(performance.now() - started);
  };
  try {
    const response = await open(origin, path, agent, { body, client });
    const status = response.statusCode!;
    if (status === 429 || status === 503) {
      response.resume();
      const wait = Number(response.headers['retry-after']);
      if (!(wait > 0)) throw new Error(`${status} without Retry-After`);
      tally.refused[status] = (tally.refused[status] ?? 0) + 1;
      return wait;
    }
    if (whole) {
      for await (const _ of response);
      if (status !== 200) throw new Error(`${path} answered ${status}`);
      finished();
      return 0;
    }
    const parser = new EventParser();
    let last: StreamEvent | undefined;
    let first = 0;
    response.setEncoding('utf8');
    for await (const chunk of response as AsyncIterable<string>)
      for (const data of parser.push(chunk)) {
        last = JSON.parse(data) as StreamEvent;
        if (first === 0 && (last.type === 'token' || last.type === 'step')) {
          first = performance.now();
          tally.firstToken.push(first - started);
          if (stops) {
            response.destroy();
            tally.stopped += 1;
            return 0;
          }
        }
      }
    if (status !== 200 || last?.type !== 'done')
      throw new Error(`${path} answered ${status} and ended with ${JSON.stringify(last)?.slice(0, 200)}`);
    finished();
  } catch (error) {
    tally.problems.push(error instanceof Error ? error.message : String(error));
  }
  return 0;
}
