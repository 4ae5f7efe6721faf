// Turns whatever went wrong while loading a backend into one sentence.
import { D2LError } from '../errors/index.ts';

/** The first line of an error's message, without paths of the require stack, at most 200 characters. */
export function failureSentence(error: unknown): string {
  if (error instanceof Error && isMissingPackage(error)) return 'not installed';
  const message = error instanceof Error ? error.message : String(error);
  const line = message
    .split('\n')
    .map((part) => part.trim())
    .find((part) => part !== '');
  const text = (line ?? 'unknown error').replace(/[.\s]+$/, '');
  const bare = error instanceof D2LError ? text.replace(/^[\w.]+: /, '') : text;
  return bare.length > 200 ? `${bare.slice(0, 199)}…` : bare;
}

function isMissingPackage(error: Error): boolean {
  const code = 'code' in error ? error.code : undefined;
  const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
  return missing && /^Cannot find (package|module) '(?:@[\w.-]+\/)?[\w.-]+'/.test(error.message);
}
