// Fingerprints: hashes of what a run depends on and its checkpoints do not hold, so that a changed file is noticed.
import { createHash } from 'node:crypto';
import { ConfigError } from '../errors/index.ts';

/** What was read from a file or a data set of that name. */
export interface Fingerprint {
  file: string;
  /** `sha256:…` of what was read. */
  hash: string;
}

/** By what they are: `data`, `tokenizer`, `recipe`, … Causes come before what is made of them. */
export type Fingerprints = Record<string, Fingerprint>;

/** The fingerprint of text or bytes, whole or in pieces. */
export function fingerprint(
  file: string,
  content: string | Uint8Array | Iterable<string | Uint8Array>,
): Fingerprint {
  const hash = createHash('sha256');
  const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
  for (const piece of pieces) hash.update(piece);
  return { file, hash: `sha256:${hash.digest('hex')}` };
}

/** JSON whose objects have their keys in order: equal for equal values. */
export function orderedJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/**
 * Compares what a checkpoint was trained on with what there is now.
 *
 * @returns a sentence about what could not be compared, if anything
 * @throws ConfigError that names every file that has changed
 */
export function checkFingerprints(
  checkpoint: string,
  saved: Fingerprints | undefined,
  current: Fingerprints,
): string | undefined {
  const names = Object.keys(current);
  const unknown = names.filter((name) => typeof saved?.[name]?.hash !== 'string');
  const changed = names.filter(
    (name) => !unknown.includes(name) && saved![name]!.hash !== current[name]!.hash,
  );
  const describe = (name: string) => `${name} (${current[name]!.file})`;
  if (changed.length > 0) {
    throw new ConfigError({
      operation: 'Trainer.fit',
      fact: `to go on from ${checkpoint}, ${changed.map(describe).join(' and ')} must be as it was then`,
      value: current[changed[0]!]!.hash,
      advice: `there it is ${saved![changed[0]!]!.hash}: put it back, or start a new run in another folder`,
      argument: changed[0]!,
    });
  }
  if (unknown.length === 0) return undefined;
  return `${checkpoint} has no hash of ${unknown.map(describe).join(', ')}: whether that has changed is not known`;
}
