// Holds answers of a server against its own OpenAPI document.
import { z } from 'zod';
import { EventParser } from '../src/chat/sse.ts';

type Json = Record<string, unknown>;

interface Described {
  responses: Record<string, { content: Record<string, { schema: Json }> }>;
}

/** The part of an OpenAPI document that is used. */
export interface Document {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Json };
}

/** Checks answers against a document; each method of each path is counted once it was asked. */
export class DescribedAnswers {
  /** Requests as `GET /path`, with the statuses that came. */
  readonly seen = new Map<string, Set<string>>();

  private readonly readers = new Map<Json, z.ZodType>();

  constructor(private readonly document: Document) {}

  /** Every request that the document knows. */
  get all(): string[] {
    return Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => method !== 'parameters')
        .map((method) => `${method.toUpperCase()} ${path}`),
    );
  }

  /** Reads an answer to its end; throws when the document does not tell of it. Gives back its JSON, or its events. */
  async read(method: string, pattern: string, response: Response): Promise<unknown> {
    const request = `${method} ${pattern}`;
    const status = String(response.status);
    const text = await response.text();
    const [type] = (response.headers.get('content-type') ?? '').split(';');
    const described = this.document.paths[pattern]?.[method.toLowerCase()]?.responses[status]?.content[type!];
    if (!described) throw new Error(`${request}: ${status} with ${type} is not described; it said ${text}`);
    this.seen.set(request, (this.seen.get(request) ?? new Set()).add(status));
    if (type === 'application/json') return this.parse(request, described.schema, text);
    const events = new EventParser().push(text);
    const { contentSchema } = described.schema as { contentSchema: Json };
    return events.map((data) => this.parse(request, contentSchema, data));
  }

  private parse(request: string, schema: Json, text: string): unknown {
    const value: unknown = JSON.parse(text);
    const parsed = this.reader(schema).safeParse(value);
    if (parsed.success) return value;
    throw new Error(`${request}: ${z.prettifyError(parsed.error)} in ${text.slice(0, 300)}`);
  }

  private reader(schema: Json): z.ZodType {
    const known = this.readers.get(schema);
    if (known) return known;
    const { schemas } = this.document.components;
    const all = JSON.stringify({ ...schema, $defs: schemas });
    const local = JSON.parse(all.replaceAll('#/components/schemas/', '#/$defs/')) as Json;
    const reader = z.fromJSONSchema(local);
    this.readers.set(schema, reader);
    return reader;
  }
}
