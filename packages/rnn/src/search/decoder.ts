// What a model offers to be searched: start, step, reorder. Every search of every package works on this.

/** What a model's step decoder hands out beside scores. */
export interface SearchDecoderOptions {
  /**
   * `true`: attention to the source, the mean over the heads of the last layer. `'all'`: also the weights of every layer
   * and head, to the source and within the target. Nothing by default, and then nothing is computed for it.
   */
  attention?: boolean | 'all';
}

/** How one step of one row attends: `[layer][head][key]`, every head's weights sum to 1. */
export interface StepMaps {
  /** To the source, padding included: it gets 0. */
  cross?: Float32Array[][];
  /** To the target so far, or the text so far of a language model: what was fed, this step's token last. */
  self?: Float32Array[][];
}

/** What one step gives. */
export interface StepResult<State> {
  /** Scores of the next token, `[rows, vocab]` row-major; the caller may change them. */
  logits: Float32Array;
  /** Whether the scores are log-probabilities already: each row's exponentials sum to 1. */
  normalized?: boolean;
  state: State;
  /** Attention to the source for each row, `[rows, keys]` row-major, when the model has it and was asked for it. */
  attention?: { weights: Float32Array; keys: number };
  /** Every layer and head of each row, when the decoder was asked for all of them. */
  maps?: StepMaps[];
}

/**
 * A model that produces a sequence token by token. A state has rows: one a source at first, later one a hypothesis.
 * `step` and `reorder` take over the state they are given and return the one to go on with.
 */
export interface StepDecoder<Source, State> {
  /** Number of token ids. */
  readonly vocabSize: number;
  /** The state before the first token, one row a source. */
  start(sources: readonly Source[]): State | Promise<State>;
  /** The token to feed first to each source, where it is not the same for all: a prompt's last. Takes `bos`' place. */
  firstTokens?(sources: readonly Source[]): Int32Array;
  /** Feeds one token a row and gives the scores of the next, in `scores` where that has room for them. */
  step(
    state: State,
    tokens: Int32Array,
    scores?: Float32Array,
  ): StepResult<State> | Promise<StepResult<State>>;
  /** A state whose row i is row `indices[i]` of the old one; rows may vanish or appear several times. */
  reorder(state: State, indices: Int32Array): State | Promise<State>;
  /** Frees what a state holds. */
  dispose?(state: State): void;
}
