// How a language model attended within a text, with the tokens that the weights belong to.
import { DecoderOnlyTransformer, selfAttention } from '@d2lts/attention';
import type { TextGenerator } from '@d2lts/rnn';
import { maxAttentionTokens } from '../../api/limits.ts';
import type { LabelledMap } from '../../api/types.ts';
import { checkTokens, labelled } from '../../engine/tokens.ts';

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
