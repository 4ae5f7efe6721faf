// Errors of the package: one class, with a stable `code`, the argument and the offending value.

/** Stable identifiers of what went wrong. */
export type ErrorCode =
  | 'INVALID_ARGUMENT'
  | 'LENGTH_MISMATCH'
  | 'NO_REFERENCES'
  | 'UNKNOWN_TOKENIZER'
  | 'TOKENIZER_NEEDS_ADDON'
  | 'INVALID_MODEL'
  | 'INVALID_SEED';

/** Thrown for wrong input; the message reads `<operation>: <fact>, got <value>; <what to do>`. */
export class SacreBleuError extends Error {
  override readonly name = 'SacreBleuError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly argument?: string,
    readonly value?: unknown,
  ) {
    super(message);
  }
}
