// Errors that reach the client: a status, a stable code and a sentence with the next step.

/** Seconds after which it is worth asking again, where an error that passes does not say. */
const usualWait = 10;

/**
 * An error answered as `{error: {code, message}}` with its HTTP status. The message tells what to do next, and nothing of
 * the machine's files.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  /** Seconds for the Retry-After header; 429 and 503 always have it. */
  readonly retryAfter: number | undefined;

  constructor(status: number, code: string, message: string, options: { retryAfter?: number } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = options.retryAfter ?? (status === 429 || status === 503 ? usualWait : undefined);
  }
}
