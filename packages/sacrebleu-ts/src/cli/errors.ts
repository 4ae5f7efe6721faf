// What ends the program early: wrong arguments, or input that cannot be scored.

/** Wrong arguments: usage and message on standard error, exit code 2. */
export class UsageError extends Error {
  readonly code = 'USAGE';
}

/** Input that cannot be scored: the messages on standard error, then the exit code. */
export class InputError extends Error {
  readonly code = 'INPUT';

  constructor(
    readonly messages: readonly string[],
    readonly exitCode = 1,
  ) {
    super(messages.join('\n'));
  }
}
