// Parsers of parallel text: tab-separated pairs (Tatoeba, manythings.org), parallel files (Multi30k).
import { readFile } from 'node:fs/promises';
import { DataError, FormatError } from '../../errors/index.ts';
import { readLines } from '../loader/lines.ts';
import type { SentencePair } from './split.ts';

const maxUnpackedBytes = 2 ** 30;

/**
 * Reads "source TAB target" lines; further columns (attribution) are left out, empty lines too.
 *
 * @throws DataError with the line number for a line without a tab or with an empty side
 */
export async function readTabPairs(path: string): Promise<SentencePair[]> {
  return parseTabPairs(path.endsWith('.zip') ? await linesInZip(path) : readLines(path), path);
}

/** The same from lines; `name` says in errors whose lines they are. */
export async function parseTabPairs(
  lines: AsyncIterable<string> | Iterable<string>,
  name: string,
): Promise<SentencePair[]> {
  const pairs: SentencePair[] = [];
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line.trim() === '') continue;
    const [source = '', target = ''] = line.split('\t', 2).map(cleanSentence);
    if (source === '' || target === '') {
      throw new DataError({
        operation: 'readTabPairs',
        fact: `line ${number} of ${name} must be a sentence, a tab and its translation`,
        value: line.slice(0, 80),
        advice: 'correct or remove the line',
      });
    }
    pairs.push({ source, target });
  }
  return pairs;
}

/** Reads two files whose lines correspond. @throws DataError when one is longer than the other */
export async function readParallelFiles(sourcePath: string, targetPath: string): Promise<SentencePair[]> {
  const pairs: SentencePair[] = [];
  const targets = readLines(targetPath);
  for await (const line of readLines(sourcePath)) {
    const target = await targets.next();
    if (target.done) throw unequal(sourcePath, targetPath, pairs.length);
    pairs.push({ source: cleanSentence(line), target: cleanSentence(target.value) });
  }
  if (!(await targets.next()).done) throw unequal(targetPath, sourcePath, pairs.length);
  return pairs;
}

/** Canonical Unicode form (NFC), with ordinary spaces at most between words. French no-break spaces become spaces. */
export function cleanSentence(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

/** The lines of the text file in an archive such as fra-eng.zip: its first .txt that is not a note about it. */
async function linesInZip(path: string): Promise<string[]> {
  const archive = await readFile(path);
  const { strFromU8, unzipSync } = await import('fflate'); // its tables take five megabytes
  try {
    const files = unzipSync(archive, {
      filter: ({ name, originalSize }) =>
        /(^|\/)[^_/][^/]*\.txt$/.test(name) && originalSize <= maxUnpackedBytes,
    });
    const bytes = Object.values(files)[0];
    if (!bytes) throw new Error('it holds no text file');
    return strFromU8(bytes).split(/\r?\n/);
  } catch (cause) {
    throw new FormatError({
      operation: 'readTabPairs',
      fact: `${path} cannot be unpacked (${(cause as Error).message})`,
      advice: 'download it again',
      cause,
    });
  }
}

function unequal(longer: string, shorter: string, count: number): DataError {
  return new DataError({
    operation: 'readParallelFiles',
    fact: `${longer} must have as many lines as ${shorter}, which has`,
    value: count,
  });
}
