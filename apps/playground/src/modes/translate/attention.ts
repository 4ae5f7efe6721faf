// How a translator attended while it gave an answer, with the tokens that the weights belong to.
import { type Translator, translationAttention } from '@d2lts/attention';
import { ApiError } from '../../api/errors.ts';
import { maxAttentionTokens } from '../../api/limits.ts';
import type { LabelledMap } from '../../api/types.ts';
import { checkTokens, labelled, round } from '../../engine/tokens.ts';

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
