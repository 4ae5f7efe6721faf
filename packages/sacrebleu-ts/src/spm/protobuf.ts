// Reading protocol buffers: the few wire types that SentencePiece models use.

import { SacreBleuError } from '../errors.ts';

/** One field of a message: its number and raw value. */
export interface Field {
  number: number;
  /** Varints and fixed 32-bit values. */
  value: number;
  /** Length-delimited values; empty otherwise. */
  bytes: Uint8Array;
}

const EMPTY = new Uint8Array(0);

function invalid(fact: string): SacreBleuError {
  return new SacreBleuError(
    'INVALID_MODEL',
    `SentencePiece model: ${fact}; give an intact .model file`,
    'model',
  );
}

/** The fields of a message in order; throws `INVALID_MODEL` on truncated or malformed bytes. */
export function* readFields(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let result = 0;
    for (let scale = 1; ; scale *= 128) {
      if (at >= message.length || scale > 2 ** 63) throw invalid('a number runs past the end');
      const byte = message[at++]!;
      result += (byte & 127) * scale;
      if (byte < 128) return result;
    }
  };
  const take = (length: number): Uint8Array => {
    if (length > message.length - at) throw invalid('a field runs past the end');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case 0:
        yield { number, value: varint(), bytes: EMPTY };
        break;
      case 1:
        yield { number, value: 0, bytes: take(8) };
        break;
      case 2:
        yield { number, value: 0, bytes: take(varint()) };
        break;
      case 5: {
        const bytes = take(4);
        yield { number, value: new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true), bytes };
        break;
      }
      default:
        throw invalid(`unknown wire type ${key % 8}`);
    }
  }
}

/** A fixed 32-bit field as a float. */
export function floatOf({ bytes }: Field): number {
  if (bytes.length !== 4) throw invalid('a score is not a float');
  return new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true);
}
