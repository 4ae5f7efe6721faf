// What a route is: a handler for a method and a path, and the services that it may use.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EngineHost } from '../engine/host.ts';
import type { TrainHost } from '../training/trainHost.ts';

/** What handlers work with. */
export interface Services {
  engine: EngineHost;
  /** Absent in servers that do not train. */
  training?: Promise<TrainHost | undefined> | undefined;
}

/** Answers a request; `id` is the part of the path that the route's `{id}` stands for. */
export type Handler = (
  services: Services,
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
) => void | Promise<void>;
