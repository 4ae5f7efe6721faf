// Model folders with a tokenizer: both are loaded, and fit each other.
import {
  FormatError,
  type ModelConfig,
  type ModelFormat,
  type Module,
  loadModel,
  openModel,
} from '@d2lts/core';
import { SubwordTokenizer } from '../tokenizer/index.ts';

/** A model with what its folder says of it. */
export interface TokenModel<M extends Module, C extends ModelConfig> {
  model: M;
  config: C;
  tokenizer: SubwordTokenizer;
}

/**
 * Loads a folder of a model that reads tokens. A backend must have been chosen (`useBackend`).
 *
 * @throws DataError or FormatError when a file is missing or broken, or the tokenizer is another model's
 */
export async function loadTokenModel<M extends Module, C extends ModelConfig>(
  path: string,
  kind: ModelFormat<M, C>,
): Promise<TokenModel<M, C>> {
  const { operation } = kind;
  const opened = await openModel(path, kind);
  const { folder, config } = opened;
  const tokenizer = SubwordTokenizer.fromJSON(parseTokenizer(operation, folder.tokenizer, path));
  if (tokenizer.vocabSize !== config.model['vocabSize']) {
    throw new FormatError({
      operation,
      fact: `the tokenizer must have as many tokens as the model, ${config.model['vocabSize']}`,
      value: tokenizer.vocabSize,
    });
  }
  return { model: await loadModel(opened, kind), config, tokenizer };
}

function parseTokenizer(operation: string, text: string | undefined, path: string): unknown {
  if (text === undefined) {
    throw new FormatError({ operation, fact: 'the folder must hold tokenizer.json', value: path });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FormatError({ operation, fact: 'tokenizer.json must be JSON', value: path, cause });
  }
}
