// The tokenizer of a Hugging Face folder, from tokenizer.json or BERT's vocab.txt.
import { type ModelFolder, FormatError } from '@d2lts/core';
import { SubwordTokenizer } from '@d2lts/rnn';
import { vocabularyTokenizer } from './vocabulary.ts';

/** Files that belong to a tokenizer; what is read is written again. */
const tokenizerFiles = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
];

/** Reads those that are there. */
export async function readTokenizerFiles({ names, readText }: ModelFolder): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const name of tokenizerFiles) if (names.includes(name)) files[name] = await readText(name);
  return files;
}

/** The tokenizer of tokenizer.json, or of vocab.txt; none where neither is there. */
export function tokenizerOf(
  operation: string,
  files: Readonly<Record<string, string>>,
): SubwordTokenizer | undefined {
  const { 'tokenizer.json': json, 'vocab.txt': vocabulary, 'tokenizer_config.json': settings } = files;
  if (json !== undefined) return SubwordTokenizer.fromJSON(parse(operation, 'tokenizer.json', json));
  if (vocabulary === undefined) return undefined;
  const given = (settings === undefined ? {} : parse(operation, 'tokenizer_config.json', settings)) as Record<
    string,
    unknown
  >;
  const flag = (name: string) => (typeof given[name] === 'boolean' ? given[name] : undefined);
  const options = {
    lowercase: flag('do_lower_case') ?? true,
    splitChinese: flag('tokenize_chinese_chars') ?? true,
    stripAccents: flag('strip_accents') ?? null,
  };
  return SubwordTokenizer.fromJSON(vocabularyTokenizer(vocabulary, options));
}

function parse(operation: string, name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FormatError({ operation, fact: `${name} must be JSON`, value: text.slice(0, 40), cause });
  }
}
