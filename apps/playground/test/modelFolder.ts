// Writes folders that look like models: one small tensor, no tokens.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes a model folder with this config.json, and metrics.json where there are any. */
export async function writeModelFolder(folder: string, config: string, metrics?: object): Promise<void> {
  await mkdir(folder);
  const tensor = { dtype: 'F16', shape: [3, 5], data_offsets: [0, 30] };
  const header = Buffer.from(JSON.stringify({ w: tensor, __metadata__: {} }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  await writeFile(join(folder, 'model.safetensors'), Buffer.concat([length, header, Buffer.alloc(30)]));
  await writeFile(join(folder, 'tokenizer.json'), '{}');
  await writeFile(join(folder, 'config.json'), config);
  if (metrics) await writeFile(join(folder, 'metrics.json'), JSON.stringify(metrics));
}
