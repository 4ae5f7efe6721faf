// All random number generators of a training run: the model's and those the caller names.
import { FormatError } from '../errors/index.ts';
import type { Module } from '../nn/index.ts';
import type { Rng, RngState } from '../random/index.ts';

/** Saves and restores generators by name. */
export class RngKeeper {
  private readonly rngs: [string, Rng][];

  constructor(model: Module, others: Record<string, Rng>) {
    const prefixed = model.namedRngs().map(([name, rng]): [string, Rng] => [`model.${name}`, rng]);
    this.rngs = [...prefixed, ...Object.entries(others)];
  }

  state(): Record<string, RngState> {
    return Object.fromEntries(this.rngs.map(([name, rng]) => [name, rng.state()]));
  }

  restore(states: Record<string, RngState>): void {
    for (const [name, rng] of this.rngs) {
      const state = states[name];
      if (!state) {
        throw new FormatError({
          operation: 'Trainer.fit',
          fact: 'the checkpoint must hold every random number generator; missing is',
          value: name,
          advice: 'resume with the model and options that were saved',
        });
      }
      rng.restore(state);
    }
  }
}
