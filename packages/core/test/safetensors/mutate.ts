// Safetensors files, valid ones and ones that are wrong in one to three places, from a seed.
import type { Rng } from '../../src/random/index.ts';

const dtypes = {
  F32: 32, F16: 16, BF16: 16, F64: 64, I64: 64, I32: 32, U16: 16, U8: 8, BOOL: 8, U64: 64, C64: 64, F8_E4M3: 8, F8_E5M2: 8,
  F8_E8M0: 8, F4: 4, F6_E2M3: 6, F31: 32,
}; // prettier-ignore
const names = ['a', 'layer.0.weight', 'é', '"q"', '', '__proto__', 'constructor', '猫', '😀', 'b\\', '\t'];
const numbers = [
  '4.0', '-0', '-1', '1e0', '01', '1.', '4294967296', '9007199254740993', '18446744073709551615', '18446744073709551616',
  '0', '1', '4', '8', '1e400', '0e400', '1E+5', 'null', 'true', '"4"', '[]', '{}', 'NaN', '4 ', ' 4', '4\f', '0x4',
]; // prettier-ignore
const texts = [
  '\\ud800', '\\udc00', '\\ud83d\\ude00', '\\ud83dx', '\\u0061', '\\x', '\\/', '\u0001', '\u007f', '\\u00e', '😀', '\\',
  '\\n', '\u2028', '\\u0000', '\ufeff', '\ufffd',
]; // prettier-ignore
const values = [
  '1', 'null', '[]', '{}', '"x"', '[[1]]', '{"a":1,"a":2}', '"\\ud800"', '1e400', '-', 'tru', '[1,]', '{"a"}', '1.5e-7',
  `${'['.repeat(125)}${']'.repeat(125)}`, `${'['.repeat(126)}${']'.repeat(126)}`, '{"":[{}]}', '-0', '1e-400',
]; // prettier-ignore
const spaces = [' ', '\n', '\t', '\r', '\f', '\v', '\u00a0', '\ufeff', '\0', ',', '//', '  '];

/** One file: its header's text is changed, or single bytes of it are. */
export function mutated(rng: Rng): Uint8Array {
  const { text, bytes } = valid(rng);
  let header = text;
  let data = bytes;
  const inText = below(rng, 2) === 0;
  for (let i = inText ? below(rng, 4) : 0; i > 0; i--) {
    if (below(rng, 8) === 0) data = below(rng, 2) === 0 ? data + 1 + below(rng, 4) : Math.max(0, data - 1);
    else header = mutateText(header, rng);
  }
  const encoded = new TextEncoder().encode(header);
  for (let i = inText ? 0 : below(rng, 3); i > 0; i--) encoded[below(rng, encoded.length)] = oneByte(rng);
  let file = new Uint8Array(8 + encoded.length + data);
  const length = below(rng, 20) === 0 ? encoded.length + below(rng, 9) - 4 : encoded.length;
  new DataView(file.buffer).setBigInt64(0, BigInt(length), true);
  file.set(encoded, 8);
  for (let i = 8 + encoded.length; i < file.length; i++) file[i] = below(rng, 256);
  if (below(rng, 20) === 0) file[below(rng, file.length)] = below(rng, 256);
  if (below(rng, 20) === 0) file = file.subarray(0, below(rng, file.length));
  return file;
}

function oneByte(rng: Rng): number {
  return below(rng, 3) === 0 ? below(rng, 256) : pick(rng, [...'{}[]:,"\\0123456789.eE-+ ntu']).charCodeAt(0);
}

function valid(rng: Rng): { text: string; bytes: number } {
  const members: string[] = [];
  if (below(rng, 3) === 0) {
    members.push(`"__metadata__":${pick(rng, ['{"format":"pt"}', '{}', 'null', '{"a":"b","a":"c"}'])}`);
  }
  let position = 0;
  for (let count = below(rng, 4); count > 0; count--) {
    const dtype = pick(rng, Object.keys(dtypes)) as keyof typeof dtypes;
    const shape = Array.from({ length: below(rng, 4) }, () => pick(rng, [0, 1, 2, 4]));
    const bits = shape.reduce((size, extent) => size * extent, dtypes[dtype]);
    const end = position + Math.floor(bits / 8);
    const fields = [`"dtype":"${dtype}"`, `"shape":[${shape}]`, `"data_offsets":[${position},${end}]`];
    if (below(rng, 6) === 0) fields.splice(below(rng, 4), 0, `"extra":${pick(rng, values)}`);
    members.push(`${JSON.stringify(pick(rng, names))}:{${fields}}`);
    position = end;
  }
  return { text: `{${members}}${' '.repeat(below(rng, 9))}`, bytes: position };
}

const changes: readonly ((text: string, rng: Rng) => string)[] = [
  (text, rng) => replaceOne(text, rng, /\d+/g, () => pick(rng, numbers)),
  (text, rng) => replaceOne(text, rng, /"[A-Z]+\d*\w*"/g, () => `"${pick(rng, Object.keys(dtypes))}"`),
  (text, rng) => replaceOne(text, rng, /[[\]{}:,"]/g, () => pick(rng, ['', '[', ']', '{', '}', ':', ',', '"'])),
  (text, rng) => replaceOne(text, rng, /"[^"]*"/g, (found) => `${found.slice(0, -1)}${pick(rng, texts)}"`),
  (text, rng) => replaceOne(text, rng, /[,{](?=")/g, (found) => `${found}"${pick(rng, texts)}":${pick(rng, values)},`),
  (text, rng) => replaceOne(text, rng, /"[^"]*":[^,{}]+|"[^"]*":\{[^}]*\}/g, (found) => `${found},${found}`),
  (text, rng) => replaceOne(text, rng, /"(dtype|shape|data_offsets|__metadata__)"/g, () => `"${pick(rng, names)}"`),
  (text, rng) => replaceOne(text, rng, /\{[^{}]*\}/g, () => pick(rng, values)),
  (text, rng) => insert(text, below(rng, text.length + 1), pick(rng, spaces)),
  (text, rng) => pick(rng, spaces) + text,
  (text, rng) => text + pick(rng, spaces),
  (text, rng) => insert(text, below(rng, text.length + 1), pick(rng, texts)),
  (text, rng) => text.slice(0, below(rng, text.length + 1)),
]; // prettier-ignore

function mutateText(text: string, rng: Rng): string {
  return pick(rng, changes)(text, rng);
}

function replaceOne(text: string, rng: Rng, pattern: RegExp, change: (found: string) => string): string {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return text;
  const { 0: match, index } = pick(rng, found);
  return text.slice(0, index) + change(match) + text.slice(index + match.length);
}

function insert(text: string, at: number, what: string): string {
  return text.slice(0, at) + what + text.slice(at);
}

function pick<T>(rng: Rng, items: readonly T[]): T {
  return items[below(rng, items.length)]!;
}

function below(rng: Rng, count: number): number {
  return rng.integer(0, count);
}
