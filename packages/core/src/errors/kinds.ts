// The kinds of errors, one class each, so that callers can tell them apart with instanceof.
import { D2LError, type ErrorParts } from './d2lError.ts';

/** An argument has a value that is not allowed. */
export class ValueError extends D2LError {
  constructor(parts: ErrorParts) {
    super(parts, 'ERR_VALUE');
  }
}

/** A tensor's shape or data type does not fit. */
export class ShapeError extends D2LError {
  constructor(parts: ErrorParts) {
    super(parts, 'ERR_SHAPE');
  }
}

/** A recipe, configuration or option set is wrong: an unknown key, a conflict, a bad value. */
export class ConfigError extends D2LError {
  constructor(parts: ErrorParts) {
    super(parts, 'ERR_CONFIG');
  }
}

/** A data set is missing, incomplete or holds a record that cannot be used. */
export class DataError extends D2LError {
  constructor(parts: ErrorParts) {
    super(parts, 'ERR_DATA');
  }
}

/** A file is not what it claims to be: truncated, corrupt or hostile. */
export class FormatError extends D2LError {
  constructor(parts: ErrorParts) {
    super(parts, 'ERR_FORMAT');
  }
}

/** A number went wrong: NaN or infinity in a loss, a gradient or a parameter. */
export class NumericsError extends D2LError {
  constructor(parts: ErrorParts) {
    super(parts, 'ERR_NUMERICS');
  }
}
