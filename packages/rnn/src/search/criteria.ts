// Stop criteria: small rules that end a hypothesis.
import type { EndReason, SearchNode } from './hypothesis.ts';
import type { SourceOptions } from './options.ts';

/** Looks at a hypothesis after each token and says whether it ends there. */
export interface StopCriterion {
  /** Recorded as the reason of the end. */
  readonly reason: EndReason;
  /**
   * @param node the newest token
   * @param tokens all tokens of the hypothesis, the newest last (without the begin token)
   */
  isMet(node: SearchNode, tokens: () => readonly number[]): boolean;
}

/** Ends with the end token. */
export class EndToken implements StopCriterion {
  readonly reason = 'eos';

  constructor(private readonly eos: number) {}

  isMet({ token }: SearchNode): boolean {
    return token === this.eos;
  }
}

/** Ends once the last tokens are one of some sequences, which stay in the result. */
export class StopSequences implements StopCriterion {
  readonly reason = 'stopSequence';

  constructor(private readonly sequences: readonly (readonly number[])[]) {}

  isMet({ token }: SearchNode, tokens: () => readonly number[]): boolean {
    return this.sequences.some((sequence) => {
      if (sequence.at(-1) !== token) return false;
      const tail = tokens().slice(-sequence.length);
      return tail.length === sequence.length && sequence.every((wanted, i) => wanted === tail[i]);
    });
  }
}

/** Ends at a number of tokens. */
export class MaxLength implements StopCriterion {
  readonly reason = 'length';

  constructor(private readonly maxLength: number) {}

  isMet({ length }: SearchNode): boolean {
    return length >= this.maxLength;
  }
}

/** The criteria that a search's options ask for; the first that is met gives the reason. */
export function criteriaOf({
  eos,
  stopSequences = [],
  criteria = [],
  maxLength,
}: Pick<SourceOptions, 'eos' | 'stopSequences' | 'criteria' | 'maxLength'>): StopCriterion[] {
  return [
    ...(eos === undefined ? [] : [new EndToken(eos)]),
    ...(stopSequences.length === 0 ? [] : [new StopSequences(stopSequences)]),
    ...criteria,
    new MaxLength(maxLength),
  ];
}
