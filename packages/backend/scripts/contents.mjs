// Digests of file contents: what a build was made from. Times of change lie after a checkout or a copy, contents do not.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A short digest of files (contents only) and of words such as compiler flags. */
export function digest(paths, words = []) {
  const hash = createHash('sha256').update(JSON.stringify(words));
  for (const path of paths) hash.update(`\0${path.split('/').at(-1)}\0`).update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}

/** A source file and all that it includes in quotation marks, however indirectly. */
export function withIncludes(path, seen = new Set()) {
  if (seen.has(path) || !existsSync(path)) return [];
  seen.add(path);
  const names = [...readFileSync(path, 'utf8').matchAll(/^\s*#include "([^"]+)"/gm)].map((match) => match[1]);
  return [path, ...names.flatMap((name) => withIncludes(join(dirname(path), name), seen))];
}

/** The files of a folder, sorted, with their paths. */
export const filesIn = (folder) =>
  readdirSync(folder)
    .toSorted()
    .map((name) => join(folder, name));

/** The instruction sets of this machine that -march=native may use. */
export function processorFlags() {
  if (process.arch !== 'x64' || !existsSync('/proc/cpuinfo')) return [];
  const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
  return flags
    .split(/\s+/)
    .filter((flag) => /^(avx|fma|bmi|sse4|ssse3|f16c|popcnt|abm|movbe|adx|gfni|vaes|vpclmul|amx)/.test(flag));
}

/** What the addon is made from: kernels, binding, build settings and the machine it is for. */
export const addonDigest = (root) =>
  digest(
    [join(root, 'binding.gyp'), ...filesIn(join(root, 'kernels')), ...filesIn(join(root, 'native'))],
    [process.version, process.arch, ...processorFlags()],
  );

/** Where the digest of a built addon is noted. */
export const addonStamp = (root) => join(root, 'build', 'Release', 'contents.txt');
