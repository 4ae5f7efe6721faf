// Errors: one sentence each, with a code, the argument and its value.
export { D2LError, describe, errorMessage, type ErrorParts } from './d2lError.ts';
export { ConfigError, DataError, FormatError, NumericsError, ShapeError, ValueError } from './kinds.ts';
export { adviseName, editDistance, nearestName } from './nearest.ts';
