// The header of a safetensors file: accepts and refuses what the reference library does, since files come from strangers.
// Two forms that its parser lets through beside the format are refused: an entry as a list, a type as {"F32":null}.
// Format: 8 bytes little-endian header length, JSON header, data. https://github.com/huggingface/safetensors
import { FormatError } from '../errors/index.ts';
import { JsonReader, type Natural } from './jsonReader.ts';
import { elementBits, type StoredDtype, type TensorEntry } from './safetensorsTypes.ts';

/** What the header says, checked: ranges follow each other without gaps and fill the data section exactly. */
export interface SafetensorsHeader {
  entries: Map<string, TensorEntry>;
  metadata: Record<string, string>;
}

/** The reference library's limit. */
export const maxHeaderBytes = 100_000_000;
const maxCount = 2n ** 64n - 1n;

/** The header's length from the file's first 8 bytes, checked against the file's size before anything is allocated. */
export function headerLength(prefix: Uint8Array, fileSize: number, operation: string): number {
  if (prefix.byteLength < 8) {
    throw new FormatError({
      operation,
      fact: 'the file must have at least 8 bytes',
      value: prefix.byteLength,
    });
  }
  const length = new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(maxHeaderBytes)) {
    throw new FormatError({
      operation,
      fact: `the header must be at most ${maxHeaderBytes} bytes`,
      value: length,
    });
  }
  if (Number(length) + 8 > fileSize) {
    throw new FormatError({
      operation,
      fact: `the file ends inside its header of ${length} bytes`,
      value: fileSize,
      advice: 'it is truncated or not safetensors',
    });
  }
  return Number(length);
}

/** Parses and checks a header; `dataBytes` is the size of the section after it. */
export function parseHeader(header: Uint8Array, dataBytes: number, operation: string): SafetensorsHeader {
  let parsed: Parsed;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
    parsed = readHeader(new JsonReader(text), operation);
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    const fact = `the header must be the JSON of safetensors in UTF-8: ${(cause as Error).message}`;
    throw new FormatError({ operation, fact, cause });
  }
  checkSizes(parsed.entries, dataBytes, operation);
  // Rounding does no harm: a checked extent beyond 2^53 is one of an empty tensor.
  const entries = [...parsed.entries].map(([name, { dtype, shape, offsets }]): [string, TensorEntry] => [
    name,
    { dtype, shape: shape.map(Number), begin: Number(offsets[0]), end: Number(offsets[1]) },
  ]);
  return { entries: new Map(entries), metadata: parsed.metadata ?? {} };
}

interface Entry {
  dtype: StoredDtype;
  shape: readonly Natural[];
  offsets: readonly Natural[];
}

interface Parsed {
  entries: Map<string, Entry>;
  metadata: Record<string, string> | undefined;
}

/** A name that comes twice means its last entry, as in the reference; `__metadata__` and an entry's fields come once. */
function readHeader(json: JsonReader, operation: string): Parsed {
  const parsed: Parsed = { entries: new Map(), metadata: undefined };
  json.object((name) => {
    if (name !== '__metadata__') parsed.entries.set(name, readEntry(json, name, operation));
    else if (parsed.metadata === undefined) parsed.metadata = readMetadata(json);
    else throw new FormatError({ operation, fact: '__metadata__ stands twice in the header' });
  });
  json.end();
  return parsed;
}

function readMetadata(json: JsonReader): Record<string, string> {
  const strings = new Map<string, string>();
  if (json.peek() === 'n') json.skip();
  else json.object((key) => strings.set(key, json.string()));
  return Object.fromEntries(strings);
}

/** Other fields than these three are passed over. */
function readEntry(json: JsonReader, name: string, operation: string): Entry {
  const fail = (fact: string, value: unknown): never => failOf(operation, name, fact, value);
  const entry: { dtype?: string; shape?: Natural[]; data_offsets?: Natural[] } = {};
  json.object((field) => {
    if (field !== 'dtype' && field !== 'shape' && field !== 'data_offsets') return json.skip();
    if (field in entry) fail('a field stands twice in its entry', field);
    if (field === 'dtype') entry.dtype = json.string();
    else {
      const numbers: Natural[] = (entry[field] = []);
      json.array(() => numbers.push(json.natural()));
    }
  });
  const { dtype, shape, data_offsets: offsets } = entry;
  if (dtype === undefined || shape === undefined || offsets === undefined) {
    return fail('its entry must have dtype, shape and data_offsets', Object.keys(entry));
  }
  if (elementBits(dtype) === undefined) fail('dtype must be one of safetensors', dtype);
  if (offsets.length !== 2) fail('data_offsets must be [begin, end]', offsets);
  return { dtype: dtype as StoredDtype, shape, offsets };
}

/** Each tensor must take the bytes that its shape needs, right after its neighbour's, up to the file's end. */
function checkSizes(entries: ReadonlyMap<string, Entry>, dataBytes: number, operation: string): void {
  const inOrder = [...entries].sort(
    ([, a], [, b]) => compare(a.offsets[0]!, b.offsets[0]!) || compare(a.offsets[1]!, b.offsets[1]!),
  );
  let position: Natural = 0;
  for (const [name, entry] of inOrder) {
    const [begin, end] = entry.offsets as [Natural, Natural];
    const fail = (fact: string) =>
      failOf(operation, name, `data_offsets must ${fact}`, [begin, end], 'the file is truncated or corrupt');
    if (begin !== position) fail(`begin at ${position}, after its neighbour`);
    if (end > dataBytes) fail(`end within ${dataBytes} bytes of data`);
    const bytes = bytesOf(entry, (fact) => failOf(operation, name, fact, entry.shape));
    if (Number(end) - Number(begin) !== bytes) fail(`span the ${bytes} bytes of its shape`);
    position = end;
  }
  if (position !== dataBytes) {
    throw new FormatError({
      operation,
      fact: `tensors must fill all ${dataBytes} bytes of data`,
      value: position,
    });
  }
}

function compare(a: Natural, b: Natural): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The size of a tensor's data. The reference counts in 64 bits, extent by extent, and refuses what overflows. */
function bytesOf({ dtype, shape }: Entry, fail: (fact: string) => never): number {
  let count: Natural = 1;
  for (const factor of [...shape, elementBits(dtype)!]) {
    const product: number = Number(count) * Number(factor);
    count = Number.isSafeInteger(product) ? product : BigInt(count) * BigInt(factor);
    if (count > maxCount) fail('shape is too large');
  }
  const bytes = Number(count) / 8;
  return Number.isInteger(bytes) ? bytes : fail(`${dtype} elements must fill whole bytes`);
}

function failOf(operation: string, name: string, fact: string, value: unknown, advice?: string): never {
  throw new FormatError({
    operation,
    fact: `tensor ${JSON.stringify(name.slice(0, 80))}: ${fact}`,
    value,
    ...(advice !== undefined && { advice }),
  });
}
