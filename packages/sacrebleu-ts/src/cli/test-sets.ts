// Test sets that Python's sacreBLEU has downloaded and stored as plain text: used where they are.
// Layout: $SACREBLEU/<set>/<set>.<language pair>.<field>, "/" in names and ":" in fields replaced.

import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { trimEnd } from '../text/whitespace.ts';
import { reprString } from '../text/repr.ts';
import { InputError } from './errors.ts';
import { readLines } from './reading.ts';

/** The folder of test sets and models: `SACREBLEU`, else `~/.sacrebleu`. */
export function dataFolder(): string {
  return process.env['SACREBLEU'] ?? join(homedir(), '.sacrebleu');
}

/** Fields by language pair of a stored test set; empty when it is not there. */
export function storedFields(testSet: string): Map<string, string[]> {
  const folder = join(dataFolder(), testSet);
  const prefix = `${testSet.replaceAll('/', '_')}.`;
  const pairs = new Map<string, string[]>();
  if (!existsSync(folder)) return pairs;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.startsWith(prefix)) continue;
    const match = /^([a-zA-Z]+-[a-zA-Z]+)\.(.+)$/.exec(entry.name.slice(prefix.length));
    if (match) pairs.set(match[1]!, [...(pairs.get(match[1]!) ?? []), match[2]!].sort());
  }
  return pairs;
}

/** Names of the stored test sets, one level of folders deep. */
export function storedTestSets(): string[] {
  const root = dataFolder();
  if (!existsSync(root)) return [];
  const folders = (path: string): string[] =>
    readdirSync(join(root, path), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'raw')
      .map((entry) => (path ? `${path}/${entry.name}` : entry.name));
  const top = folders('');
  return top
    .concat(top.flatMap(folders))
    .filter((name) => storedFields(name).size > 0)
    .sort();
}

/** The path of one field's file. */
function fieldPath(testSet: string, langPair: string, field: string): string {
  return join(dataFolder(), testSet, `${testSet.replaceAll('/', '_')}.${langPair}.${field}`);
}

/** Checks that the test set and language pair are stored; returns the fields. */
function fieldsOf(testSet: string, langPair: string): string[] {
  const pairs = storedFields(testSet);
  if (pairs.size === 0) {
    throw new InputError([
      `Unknown test set ${reprString(testSet)}`,
      `Please run with --list to see the available test sets. (Only test sets stored under ${dataFolder()} can be used; sacrebleu-ts downloads none.)`,
    ]);
  }
  const fields = pairs.get(langPair);
  if (fields) return fields;
  const available = Array.from(pairs.keys(), (pair) => ` > ${pair}`);
  throw new InputError([
    `No such language pair ${reprString(langPair)}`,
    `Available language pairs for ${reprString(testSet)} are:`,
    ...available,
  ]);
}

/** Reference files of a stored test set. */
export function referenceFiles(testSet: string, langPair: string): string[] {
  return fieldsOf(testSet, langPair)
    .filter((field) => field.startsWith('ref'))
    .map((field) => fieldPath(testSet, langPair, field));
}

/** The requested fields of a stored test set, tab-separated, line by line. */
export function echoFields(testSet: string, langPair: string, requested: readonly string[]): string[] {
  const fields = fieldsOf(testSet, langPair);
  if (requested.includes('all') && requested.length > 1)
    throw new InputError(['Cannot use --echo all with other fields']);
  const names =
    requested[0] === 'all' ? fields : requested.map((name) => resolveField(testSet, langPair, fields, name));
  const columns = names.map((name) => readLines(fieldPath(testSet, langPair, name), 'utf-8'));
  const rows = Math.min(...columns.map((column) => column.length));
  return Array.from({ length: rows }, (_, i) => columns.map((column) => trimEnd(column[i]!)).join('\t'));
}

function resolveField(testSet: string, langPair: string, fields: readonly string[], name: string): string {
  const stored = name.replaceAll(':', '-');
  if (fields.includes(stored)) return stored;
  const firstReference = fields.find((field) => field.startsWith('ref'));
  if (name === 'ref' && firstReference) return firstReference;
  throw new InputError([
    `No such field ${name} in test set ${testSet} for language pair ${langPair}.`,
    `available fields for ${testSet}/${langPair}: ${fields.map((field) => field.replace('-', ':')).join(', ')}`,
  ]);
}
