// Errors that reach the client: a status, a stable code and a sentence with the next step.

/** An error answered as `{error: {code, message}}` with its HTTP status. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  /** Seconds for the Retry-After header. */
  readonly retryAfter: number | undefined;

  constructor(status: number, code: string, message: string, options: { retryAfter?: number } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = options.retryAfter;
  }
}
