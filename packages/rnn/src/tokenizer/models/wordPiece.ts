// WordPiece: the longest known piece from the left, again and again.
import { unknownId } from './unknown.ts';
import { type TokenModel, cached } from './model.ts';

/** The model part of a tokenizer.json. */
export interface WordPieceJson {
  unk_token?: string;
  continuing_subword_prefix?: string;
  max_input_chars_per_word?: number;
}

/** BERT's model (https://arxiv.org/abs/1609.08144): a word with an unknown part is unknown whole. */
export class WordPieceModel implements TokenModel {
  readonly encode: TokenModel['encode'];

  constructor(json: WordPieceJson, vocab: ReadonlyMap<string, number>) {
    const { unk_token: unknown = '[UNK]', continuing_subword_prefix: prefix = '##' } = json;
    const { max_input_chars_per_word: longest = 100 } = json;
    this.encode = cached((word) => {
      const characters = Array.from(word);
      if (characters.length > longest) return [unknownId(vocab, unknown)];
      const ids: number[] = [];
      for (let start = 0; start < characters.length; ) {
        let end = characters.length;
        let id: number | undefined;
        for (; end > start; end--) {
          id = vocab.get((start > 0 ? prefix : '') + characters.slice(start, end).join(''));
          if (id !== undefined) break;
        }
        if (id === undefined) return [unknownId(vocab, unknown)];
        ids.push(id);
        start = end;
      }
      return ids;
    });
  }
}
