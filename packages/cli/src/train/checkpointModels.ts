// Makes every checkpoint a model folder too, so that a model can be used as it was at any of them.
import { type Callback, saveModel } from '@d2lts/core';

/** Writes config.json and tokenizer.json beside a checkpoint's weights. */
export class CheckpointModels implements Callback {
  readonly name = 'checkpointModels';

  constructor(
    private readonly config: object,
    private readonly tokenizer: object,
  ) {}

  onSave(folder: string): Promise<void> {
    return saveModel(folder, { config: this.config, tokenizer: this.tokenizer });
  }
}
