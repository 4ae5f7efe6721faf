// Attention weights over a given answer, with the tokens that they belong to.
import {
  type AttentionMap,
  DecoderOnlyTransformer,
  type Translator,
  selfAttention,
  translationAttention,
} from '@d2lts/attention';
import type { TextGenerator } from '@d2lts/rnn';
import { ApiError } from '../api/errors.ts';
import { maxAttentionTokens } from '../api/limits.ts';
import type { LabelledMap } from '../api/types.ts';
import { round } from './decode.ts';

/** Of a translator: between output and source, and within each; of longer sides what a window from token `from` on holds. */
export async function translationMaps(
  { model, tokenizer, config }: Translator,
  text: string,
  tokens: readonly number[],
  from = 0,
): Promise<LabelledMap[]> {
  const { bos, eos } = config.special;
  const longest = typeof config.model['maxLen'] === 'number' ? config.model['maxLen'] : 256;
  const source = [...tokenizer.encode(text.trim()), eos];
  checkTokens(tokens, tokenizer.vocabSize);
  if (Math.max(source.length, tokens.length) > longest)
    throw new ApiError(
      422,
      'line_too_long',
      `This model reads at most ${longest} tokens on each side, got ${source.length} and ${tokens.length}; translate shorter lines`,
    );
  const name = (id: number) => (id === eos ? '' : tokenizer.decode([id]));
  const [sources, said] = [source.map(name), tokens.map(name)];
  // A step reads the token before the one that it says.
  const read = ['<s>', ...said.slice(0, -1)];
  const sides = {
    cross: [said, sources],
    source: [sources, sources],
    target: [said, read],
    self: [said, said],
  } as const;
  const maps = await translationAttention(model, source, tokens, bos);
  return maps.map((map) => windowOf(labelled(map, ...sides[map.kind]), from));
}

/** At most so many rows and columns of a map as are told, from a token on; what is left of each row comes last, as `…`. */
function windowOf({ kind, layers, rows, columns }: LabelledMap, from: number): LabelledMap {
  const begin = (side: readonly string[]) => Math.max(0, Math.min(from, side.length - maxAttentionTokens));
  const cut = <T>(side: readonly T[], at: number) => side.slice(at, at + maxAttentionTokens);
  const [top, left] = [begin(rows), begin(columns)];
  if (columns.length <= maxAttentionTokens)
    return {
      kind,
      rows: cut(rows, top),
      columns,
      layers: layers.map((heads) => heads.map((h) => cut(h, top))),
    };
  const row = (weights: number[]) => {
    const seen = cut(weights, left);
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
    return [...seen, round(sum(weights) - sum(seen))];
  };
  return {
    kind,
    rows: cut(rows, top),
    columns: [...cut(columns, left), '…'],
    layers: layers.map((heads) => heads.map((head) => cut(head, top).map(row))),
  };
}

/** Of a language model, within its text: how the last tokens look at each other, and at all that came before (`…`). */
export async function languageModelMaps(
  { model, tokenizer }: TextGenerator,
  prompt: string,
  tokens: readonly number[],
): Promise<LabelledMap[]> {
  checkTokens(tokens, tokenizer.vocabSize);
  if (!(model instanceof DecoderOnlyTransformer)) return [];
  const text = [...tokenizer.encode(prompt), ...tokens].slice(-model.maxLen);
  const cut = Math.max(0, text.length - maxAttentionTokens);
  const names = text.slice(cut).map((id) => tokenizer.decode([id]));
  const maps = await selfAttention(model, text);
  if (cut === 0) return maps.map((map) => labelled(map, names, names));
  const joined = (row: number[]) => [row.slice(0, cut).reduce((a, b) => a + b), ...row.slice(cut)];
  return maps.map(({ kind, layers }) => {
    const last = layers.map((heads) => heads.map((head) => head.slice(cut).map(joined)));
    return labelled({ kind, layers: last }, names, ['…', ...names]);
  });
}

/** Refuses ids that the vocabulary does not have. */
export function checkTokens(tokens: readonly number[], vocabSize: number): void {
  const wrong = tokens.findIndex((id) => id >= vocabSize);
  if (wrong < 0) return;
  throw new ApiError(
    422,
    'invalid_request',
    `tokens.${wrong}: must be below ${vocabSize}, got ${tokens[wrong]}; take ids from this model's answer`,
  );
}

function labelled(
  { kind, layers }: AttentionMap,
  rows: readonly string[],
  columns: readonly string[],
): LabelledMap {
  const rounded = layers.map((heads) => heads.map((head) => head.map((row) => row.map(round))));
  return { kind, layers: rounded, rows: [...rows], columns: [...columns] };
}
