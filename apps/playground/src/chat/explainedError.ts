// Errors whose sentence the page shows: in its language, by their code.
import { explainError } from '../i18n/errors.ts';
import { pageLocale } from '../i18n/locale.ts';

/** An error with a stable `code` and a sentence with the next step. */
export class ExplainedError extends Error {
  override readonly name: string = 'ExplainedError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(explainError(code, message, pageLocale()));
  }
}
