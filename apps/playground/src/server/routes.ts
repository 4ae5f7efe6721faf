// What a route is: a handler for a method and a path, and the services that it may use; and what routes a mode adds.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
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

/** Handlers by path and method; a path may have one part `{id}`. */
export type Routes = Record<string, Record<string, Handler>>;

/** What a mode adds to the API. */
export interface ModeRoutes {
  routes: Routes;
  /** Their description, as OpenAPI's `paths`. */
  paths: Record<string, object>;
  /** Schemas of what they answer, by the names that the description gives them. */
  schemas: Record<string, z.ZodType>;
  /** Of a chat mode, the schema of what its route finally says: with `model` and `timing`. */
  result?: z.ZodObject;
}
