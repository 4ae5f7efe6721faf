// Makes every checkpoint a model folder too, so that a model can be used as it was at any of them.
import { join } from 'node:path';
import { type Callback, type JsonObject, atomicWrite, writeJson } from '@d2lts/core';

/** Writes config.json and tokenizer.json beside a checkpoint's weights. */
export class CheckpointModels implements Callback {
  readonly name = 'checkpointModels';

  constructor(
    private readonly config: object,
    private readonly tokenizer: object,
  ) {}

  async onSave(folder: string): Promise<void> {
    await atomicWrite(join(folder, 'tokenizer.json'), JSON.stringify(this.tokenizer));
    await writeJson(join(folder, 'config.json'), this.config as JsonObject);
  }
}
