// What a text is cut into on its way to ids.

/** A part of a text before it becomes ids. */
export interface Piece {
  text: string;
  /** Whether it begins where the original text does. */
  atStart: boolean;
  /** The added token that it is; nothing further happens to it then. */
  id?: number;
}

/** A part of a tokenizer.json: an object with a type. */
export type Part = Readonly<Record<string, unknown>> & { readonly type: string };
