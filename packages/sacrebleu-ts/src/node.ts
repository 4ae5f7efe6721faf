// Optional entry `sacrebleu-ts/node`: what needs the file system.

import { readFile } from 'node:fs/promises';
import { sentencePieceTokenizer, type SentencePieceName } from './spm.ts';
import type { Tokenizer } from './tokenizers/types.ts';

/**
 * A tokenizer from a SentencePiece `.model` file.
 *
 * @param path of the file
 * @param signature the name that signatures show, e.g. `flores200` for FLORES-200's model
 * @throws SacreBleuError `INVALID_MODEL`; the file system's error when the file cannot be read
 */
export async function loadSentencePiece(
  path: string,
  signature: SentencePieceName | (string & {}),
): Promise<Tokenizer> {
  return sentencePieceTokenizer(await readFile(path), signature);
}
