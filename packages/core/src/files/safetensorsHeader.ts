// The header of a safetensors file: strict parsing, since files come from strangers.
// Format: 8 bytes little-endian header length, JSON header, data. https://github.com/huggingface/safetensors
import { FormatError, type ErrorParts } from '../errors/index.ts';
import { duplicateKey } from './duplicateKey.ts';
import { dtypeBytes, sizeOf, type SafetensorsDtype, type TensorEntry } from './safetensorsTypes.ts';

/** What the header says, checked: ranges follow each other without gaps and fill the data section exactly. */
export interface SafetensorsHeader {
  entries: Map<string, TensorEntry>;
  metadata: Record<string, string>;
}

const maxHeaderBytes = 8 * 2 ** 20;
const maxRank = 32;

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
  const json = parseObject(header, operation);
  const entries: [string, TensorEntry][] = [];
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(json)) {
    if (name === '__metadata__') metadata = checkMetadata(value, operation);
    else entries.push([name, checkEntry(name, value, operation)]);
  }
  checkRanges(entries, dataBytes, operation);
  return { entries: new Map(entries), metadata };
}

function parseObject(header: Uint8Array, operation: string): Record<string, unknown> {
  const fail = (fact: string, parts: Partial<ErrorParts> = {}): never => {
    throw new FormatError({ operation, fact, ...parts });
  };
  if (header[0] !== 0x7b) fail('the header must begin with {', { value: header[0] });
  if (nestsDeeperThan(4, header)) fail('the header must not nest deeply');
  let text = '';
  let json: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(header);
    json = JSON.parse(text);
  } catch (cause) {
    fail('the header must be JSON in UTF-8', { cause });
  }
  if (!isObject(json)) return fail('the header must be a JSON object', { value: json });
  const twice = duplicateKey(text);
  if (twice !== undefined) fail('a name stands twice in the header', { value: twice });
  return json;
}

/** JSON.parse takes seconds on a few megabytes of brackets; no valid header has more than three levels. */
function nestsDeeperThan(limit: number, json: Uint8Array): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i];
    if (inString) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > limit) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return false;
}

function checkMetadata(value: unknown, operation: string): Record<string, string> {
  if (isObject(value) && Object.values(value).every((item) => typeof item === 'string')) {
    return value as Record<string, string>;
  }
  throw new FormatError({ operation, fact: '__metadata__ must map names to strings', value });
}

function checkEntry(name: string, value: unknown, operation: string): TensorEntry {
  const fail = (fact: string, wrong: unknown): never => {
    throw new FormatError({
      operation,
      fact: `tensor ${JSON.stringify(name.slice(0, 80))}: ${fact}`,
      value: wrong,
    });
  };
  if (!isObject(value)) return fail('its entry must be an object', value);
  const keys = Object.keys(value).sort().join();
  if (keys !== 'data_offsets,dtype,shape') fail('its entry must have dtype, shape and data_offsets', keys);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(dtypeBytes, dtype)) {
    return fail(`dtype must be one of ${Object.keys(dtypeBytes).join(', ')}`, dtype);
  }
  if (!isSizes(shape) || shape.length > maxRank) return fail('shape must be a list of sizes', shape);
  if (!isSizes(offsets) || offsets.length !== 2) return fail('data_offsets must be [begin, end]', offsets);
  const [begin, end] = offsets as [number, number];
  const bytes = sizeOf(shape) * dtypeBytes[dtype as SafetensorsDtype];
  if (!Number.isSafeInteger(bytes)) return fail('shape is too large', shape);
  if (end - begin !== bytes) fail(`data_offsets must span the ${bytes} bytes of its shape`, offsets);
  return { dtype: dtype as SafetensorsDtype, shape, begin, end };
}

function checkRanges(entries: [string, TensorEntry][], dataBytes: number, operation: string): void {
  const inOrder = entries.toSorted(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let position = 0;
  for (const [name, { begin, end }] of inOrder) {
    if (begin !== position || end > dataBytes) {
      const fact =
        end > dataBytes
          ? `must end within ${dataBytes} bytes of data`
          : `must begin at ${position}, after its neighbour`;
      throw new FormatError({
        operation,
        fact: `tensor ${JSON.stringify(name.slice(0, 80))}: data_offsets ${fact}`,
        value: [begin, end],
        advice: 'the file is truncated or corrupt',
      });
    }
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
