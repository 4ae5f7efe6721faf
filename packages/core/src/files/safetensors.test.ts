// Safetensors against the reference library's file, round trips, and hostile files.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { useBackend } from '../backend/index.ts';
import { FormatError } from '../errors/index.ts';
import { fromBfloat16Bits, fromFloat16Bits, toBfloat16Bits, toFloat16Bits } from './halfFloats.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import { SafetensorsFile } from './safetensorsFile.ts';
import { writeTensorData } from './writeSafetensors.ts';

interface Golden {
  bits: number[];
  f16: number[];
  bf16: number[];
  tensors: Record<string, number[]>;
}

// Written by golden/makeSafetensors.py.
const golden = (name: string) => fileURLToPath(new URL(`./golden/${name}`, import.meta.url));
let expected: Golden;

const entry = (dtype: string, shape: unknown, offsets: unknown) => ({
  dtype,
  shape,
  data_offsets: offsets,
});
const build = (header: string | object, dataBytes = 0, length?: bigint): Uint8Array => {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
};

beforeAll(async () => {
  await useBackend();
  expected = JSON.parse(await readFile(golden('halfFloats.json'), 'utf8')) as Golden;
});

afterAll(() => expect(tf.memory().numTensors).toBe(0));

describe('16-bit floats', () => {
  it("rounds as PyTorch's casts do", () => {
    const values = new Float32Array(Uint32Array.from(expected.bits).buffer);
    expect(Array.from(values, toFloat16Bits)).toEqual(expected.f16);
    expect(Array.from(values, toBfloat16Bits)).toEqual(expected.bf16);
  });

  it('decodes and encodes all 65,536 values to themselves', () => {
    for (let bits = 0; bits < 65536; bits++) {
      const half = fromFloat16Bits(bits);
      const brain = fromBfloat16Bits(bits);
      if (!Number.isNaN(half) && toFloat16Bits(half) !== bits) expect.fail(`F16 ${bits}`);
      if (!Number.isNaN(brain) && toBfloat16Bits(brain) !== bits) expect.fail(`BF16 ${bits}`);
    }
    expect([toFloat16Bits(Number.NaN) & 0x7fff, toBfloat16Bits(Number.NaN) & 0x7fff]).toEqual([
      0x7e00, 0x7fc0,
    ]);
  });
});

describe('readSafetensors', () => {
  it("reads the reference library's file, every type", async () => {
    const tensors = await readSafetensors(golden('reference.safetensors'));
    for (const [name, values] of Object.entries(expected.tensors)) {
      expect(Array.from(tensors[name]!.dataSync()), name).toEqual(
        tensors[name]!.dtype === 'float32' ? values.map(Math.fround) : values,
      );
    }
    expect(tensors.bf16!.dtype).toBe('float32');
    expect(tensors.i64!.dtype).toBe('int32');
    expect(tensors.bool!.dtype).toBe('bool');
    expect(tensors.empty!.shape).toEqual([0, 4]);
    expect(tensors.scalar!.shape).toEqual([]);
    tf.dispose(tensors);
  });

  it('gives raw data, metadata and names without reading everything', async () => {
    const file = await SafetensorsFile.open(golden('reference.safetensors'));
    expect(file.metadata).toEqual({ format: 'pt', note: 'é' });
    expect(file.names.toSorted()).toEqual(Object.keys(expected.tensors).toSorted());
    expect(file.info('bf16')).toEqual({ dtype: 'BF16', shape: [7] });
    expect((await file.read('i64')).data).toEqual(new BigInt64Array([-(2n ** 31n), 2n ** 31n - 1n, 0n, 7n]));
    await expect(file.read('none')).rejects.toThrow(/no tensor of this name, got "none"/);
    await file.close();
  });

  it('fails for a tensor that it cannot hold only when that one is asked for', async () => {
    const path = join(await temporaryFolder(), 'some.safetensors');
    const header = {
      big: entry('I64', [1], [0, 8]),
      complex: entry('C64', [1], [8, 16]),
      eighth: entry('F8_E4M3', [2], [16, 18]),
      quarter: entry('F4', [4], [18, 20]),
      fine: entry('BF16', [1], [20, 22]),
    };
    const bytes = build(header, 22);
    new DataView(bytes.buffer).setBigInt64(bytes.length - 22, 2n ** 31n, true);
    bytes.set([0x80, 0x3f], bytes.length - 2);
    await writeFile(path, bytes);
    const tensors = await readSafetensors(path);
    expect(Object.keys(tensors)).toEqual(['fine']);
    expect(tensors.fine!.dataSync()).toEqual(Float32Array.of(1));
    expect(() => tensors.big).toThrow(/"big": integers must fit in 32 bits, got 2147483648n/);
    for (const name of ['complex', 'eighth', 'quarter']) {
      expect(() => tensors[name]).toThrow(/type must be one that an array can hold, got "(C64|F8_E4M3|F4)"/);
    }
    tf.dispose(tensors);
    const file = await SafetensorsFile.open(path);
    expect(file.info('quarter')).toEqual({ dtype: 'F4', shape: [4] });
    expect((await file.read('big')).data).toEqual(new BigInt64Array([2n ** 31n]));
    await expect(file.read('complex')).rejects.toThrow(FormatError);
    await file.close();
  });

  it('reads a header of 9 MB', async () => {
    const path = join(await temporaryFolder(), 'long.safetensors');
    const header = { __metadata__: { note: 'x'.repeat(9e6) }, a: entry('U8', [1], [0, 1]) };
    await writeFile(path, build(header, 1));
    const file = await SafetensorsFile.open(path);
    expect([file.names, file.metadata['note']!.length]).toEqual([['a'], 9e6]);
    await file.close();
  });
});

describe('writeSafetensors', () => {
  it('round-trips every type, name and shape', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'a.safetensors');
    const tensors = {
      'layer.weight': tf.tensor2d([1.5, Number.NaN, -0, Infinity], [2, 2]),
      __proto__name: tf.tensor1d([1, -2], 'int32'),
      'é "quoted"': tf.tensor1d([true, false], 'bool'),
      empty: tf.zeros([0, 3]),
      scalar: tf.scalar(1 / 3),
    };
    await writeSafetensors(path, tensors, { metadata: { step: '3' } });
    const back = await readSafetensors(path);
    expect(Object.keys(back).toSorted()).toEqual(Object.keys(tensors).toSorted());
    for (const [name, tensor] of Object.entries(tensors)) {
      expect(back[name]!.shape).toEqual(tensor.shape);
      expect(back[name]!.dtype).toBe(tensor.dtype);
      expect(back[name]!.dataSync()).toEqual(tensor.dataSync());
    }
    const bytes = await readFile(path);
    expect(Number(bytes.readBigUInt64LE(0)) % 8).toBe(0);
    expect(await readdir(folder)).toEqual(['a.safetensors']);
    tf.dispose([tensors, back]);
  });

  it('stores half precision in half the bytes', async () => {
    const folder = await temporaryFolder();
    const values = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i));
    const tensor = tf.tensor1d(values);
    for (const dtype of ['F16', 'BF16'] as const) {
      const path = join(folder, `${dtype}.safetensors`);
      await writeSafetensors(path, { x: tensor }, { dtype });
      expect((await readFile(path)).byteLength).toBeLessThan(2200);
      const { x } = await readSafetensors(path);
      const decode =
        dtype === 'F16'
          ? (v: number) => fromFloat16Bits(toFloat16Bits(v))
          : (v: number) => fromBfloat16Bits(toBfloat16Bits(v));
      expect(x!.dataSync()).toEqual(values.map(decode));
      x!.dispose();
    }
    tensor.dispose();
  });

  it('leaves the old file when writing fails', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'a.safetensors');
    await writeFile(path, 'old');
    const source = { name: 'x', dtype: 'F32' as const, shape: [3], data: () => new Float32Array(2) };
    await expect(writeTensorData(path, [source], {})).rejects.toThrow(
      /as many elements as its shape \[3\], got 2/,
    );
    const wrong = { ...source, data: () => new Float64Array(3) };
    await expect(writeTensorData(path, [wrong], {})).rejects.toThrow(
      /must be a Float32Array, got "Float64Array"/,
    );
    await expect(writeTensorData(path, [source, source], {})).rejects.toThrow(/distinct/);
    for (const half of ['a\ud83d', '\ude00', '\ude00\ud83d']) {
      const refused = /whole characters, without half of a surrogate pair, got/;
      await expect(writeTensorData(path, [{ ...source, name: half }], {})).rejects.toThrow(refused);
      await expect(writeTensorData(path, [], { [half]: '' })).rejects.toThrow(refused);
      await expect(writeTensorData(path, [], { note: half })).rejects.toThrow(refused);
    }
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a.safetensors']);
  });
});

describe('hostile files', () => {
  const size = (extent: string) => `{"dtype":"F32","shape":[${extent}],"data_offsets":[0,0]}`;
  const cases: Record<string, [Uint8Array, RegExp]> = {
    'an empty file': [new Uint8Array(0), /at least 8 bytes, got 0/],
    'a huge header length': [build('{}', 0, 2n ** 63n), /at most 100000000 bytes, got 9223372036854775808n/],
    'a header past the end': [build('{}', 0, 100n), /ends inside its header of 100 bytes/],
    'no JSON': [build('{"a":'), /must be the JSON of safetensors.*expected \{ at character 5/],
    'an array': [build('[]'), /expected \{ at character 0/],
    'broken UTF-8': [build('{"a":1}').fill(0xff, 10, 11), /must be the JSON of safetensors in UTF-8/],
    'metadata twice': [build('{"__metadata__":{},"__metadata__":null}'), /__metadata__ stands twice/],
    'a field twice': [
      build('{"a":{"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]}}', 4),
      /"a": a field stands twice in its entry, got "dtype"/,
    ],
    'an unknown dtype': [
      build({ a: entry('F31', [1], [0, 4]) }, 4),
      /dtype must be one of safetensors, got "F31"/,
    ],
    'a dtype of Object': [build({ a: entry('constructor', [1], [0, 4]) }, 4), /dtype must be one of/],
    'a negative size': [build({ a: entry('F32', [-1], [0, 4]) }, 4), /expected an unsigned integer/],
    'a fractional size': [build({ a: entry('F32', [0.5], [0, 2]) }, 2), /expected an unsigned integer/],
    'an overflowing shape': [build({ a: entry('F32', [2 ** 40, 2 ** 40], [0, 0]) }), /shape is too large/],
    'a size of 65 bits': [
      build(`{"a":${size('18446744073709551616')}}`),
      /expected an unsigned 64-bit integer/,
    ],
    'a size written as a float': [build(`{"a":${size('4.0')}}`), /expected an unsigned integer/],
    'half a surrogate pair': [build(`{"\\ud83d":${size('0')}}`), /expected whole characters/],
    'a control character in a name': [build(`{"\u0001":${size('0')}}`), /expected a string at character 2/],
    'a byte order mark': [build('\ufeff{}'), /expected \{ at character 0/],
    'half a byte': [build({ a: entry('F4', [1], [0, 0]) }), /F4 elements must fill whole bytes, got \[1\]/],
    'no shape': [build('{"a":{"dtype":"F32"}}'), /must have dtype, shape and data_offsets/],
    'a span of another size': [build({ a: entry('F32', [2], [0, 4]) }, 4), /must span the 8 bytes/],
    'overlapping ranges': [
      build({ a: entry('F32', [2], [0, 8]), b: entry('F32', [2], [4, 12]) }, 12),
      /must begin at 8/,
    ],
    'a gap': [build({ a: entry('F32', [1], [4, 8]) }, 8), /must begin at 0/],
    'a range past the end': [build({ a: entry('F32', [4], [0, 16]) }, 12), /end within 12 bytes/],
    'data after the last tensor': [build({ a: entry('F32', [1], [0, 4]) }, 12), /fill all 12 bytes/],
    'metadata of numbers': [build({ __metadata__: { a: 1 } }), /expected " at character/],
    'deep nesting': [build(`{"a":{"x":${'['.repeat(1e6)}`), /expected at most 127 levels/],
  };

  it.each(Object.entries(cases))('refuses %s', async (_, [bytes, message]) => {
    const path = join(await temporaryFolder(), 'bad.safetensors');
    await writeFile(path, bytes);
    const failure = await readSafetensors(path).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(FormatError);
    expect((failure as FormatError).message).toMatch(message);
  });

  it('never crashes on mutations and truncations of a valid file', async () => {
    const path = join(await temporaryFolder(), 'mutated.safetensors');
    const valid = await readFile(golden('reference.safetensors'));
    const edits = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(edits, fc.option(fc.nat(valid.length)), async (changes, cut) => {
        const bytes = Uint8Array.from(valid);
        for (const [at, byte] of changes) bytes[at] = byte;
        await writeFile(path, cut === null ? bytes : bytes.subarray(0, cut));
        try {
          tf.dispose(await readSafetensors(path));
          expect(cut === null || cut === valid.length).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('round-trips arbitrary dicts', async () => {
    const path = join(await temporaryFolder(), 'any.safetensors');
    const dict = fc.dictionary(fc.string({ unit: 'binary' }), fc.float32Array({ maxLength: 8 }));
    await fc.assert(
      fc.asyncProperty(dict, async (arrays) => {
        fc.pre(!Object.hasOwn(arrays, '__metadata__'));
        const sources = Object.entries(arrays).map(([name, data]) => ({
          name,
          dtype: 'F32' as const,
          shape: [data.length],
          data: () => data,
        }));
        await writeTensorData(path, sources, {});
        const file = await SafetensorsFile.open(path);
        expect(file.names.toSorted()).toEqual(Object.keys(arrays).toSorted());
        for (const name of file.names) expect((await file.read(name)).data).toEqual(arrays[name]);
        await file.close();
      }),
      { numRuns: 50 },
    );
  });
});
