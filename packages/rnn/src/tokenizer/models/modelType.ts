// Which model a tokenizer.json has.

/** The model's type; older files do not name it. */
export function modelType(model: Readonly<Record<string, unknown>>): 'BPE' | 'WordPiece' | 'WordLevel' | 'Unigram' {
  if (typeof model.type === 'string') return model.type as 'BPE';
  if (Array.isArray(model.merges)) return 'BPE';
  if (Array.isArray(model.vocab)) return 'Unigram';
  return 'continuing_subword_prefix' in model ? 'WordPiece' : 'WordLevel';
}
