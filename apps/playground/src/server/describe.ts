// Pieces of the API's OpenAPI description, for those who describe their routes.
import { z } from 'zod';

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** The body that a schema describes. */
export const body = (schema: z.ZodType) => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input' });
  return { required: true, content: { 'application/json': { schema: json } } };
};

/** An answer of a schema that has a name. */
export const json = (name: string, description: string) => ({
  description,
  content: { 'application/json': { schema: reference(name) } },
});
/** A refusal. */
export const error = (description: string) => json('Error', description);

/** Each event's data is JSON with the event's name as its `type`. */
export const events = (name: string) => ({
  schema: { type: 'string', contentMediaType: 'application/json', contentSchema: reference(name) },
});

/** What any route may answer. */
export const everywhere = {
  '400': error('The path or the request is not valid; the message names what is wrong.'),
  '403': error('The request comes from another site’s page, or was sent to another name than this server’s.'),
  '405': error('The route does not take this method; see Allow.'),
  '408': error('The request took too long to arrive.'),
  '417': error('An Expect header that cannot be met.'),
  '431': error('The headers are too large.'),
  '500': error('A fault of the server.'),
};
/** What a route that reads a body may answer. */
export const withBody = {
  ...everywhere,
  '413': error('The body is too large.'),
  '415': error('The body is not application/json.'),
};
/** What a route to a model may answer beside the result. */
export const toModel = {
  ...withBody,
  '404': error('There is no such model.'),
  '422': error('The model cannot take this text; the message says why.'),
  '429': error('This client has too many requests waiting; see Retry-After.'),
  '503': error('The queue is full, or no model is loaded; see Retry-After.'),
};

/** Answers of a route that streams unless told not to; `told` are the names of its events. */
export const streamed = (name: string, told: string) => ({
  '200': {
    description: `With \`stream: true\`, server-sent events: ${told}. With \`stream: false\`, the data of \`done\` as JSON.`,
    content: { 'text/event-stream': events('StreamEvent'), 'application/json': { schema: reference(name) } },
  },
  ...toModel,
});
