// The perplexity on the training text as the book reports it: the mean loss of the last pass, to the power of e.
import type { Callback, Json, StepReport } from '@d2lts/core';

interface Pass {
  epoch: number;
  loss: number;
  weight: number;
}

const nothing: Pass = { epoch: 0, loss: 0, weight: 0 };

/** Sums the loss of each pass over the data. */
export class TrainingPerplexity implements Callback {
  readonly name = 'trainingPerplexity';
  private current: Pass = nothing;
  private complete: Pass | undefined;

  onStep({ epoch, loss, weight }: StepReport): void {
    if (epoch !== this.current.epoch) {
      this.complete = this.current;
      this.current = { epoch, loss: 0, weight: 0 };
    }
    const { loss: sum, weight: total } = this.current;
    this.current = { epoch, loss: sum + loss * weight, weight: total + weight };
  }

  /** That of the current pass or, when training ended early in a pass, of the one before. */
  get perplexity(): number {
    const { complete, current } = this;
    const { loss, weight } =
      complete !== undefined && current.weight < complete.weight / 2 ? complete : current;
    return Math.exp(loss / weight);
  }

  state(): Json {
    return {
      current: { ...this.current },
      complete: this.complete === undefined ? null : { ...this.complete },
    };
  }

  restore(state: Json): void {
    const { current, complete } = state as unknown as { current: Pass; complete: Pass | null };
    this.current = current;
    this.complete = complete ?? undefined;
  }
}
