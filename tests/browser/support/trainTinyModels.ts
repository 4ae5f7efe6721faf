// Writes two tiny translators into the folder given: one that knows its sentences, one that half knows them.
import { useBackend } from '@d2lts/core';
import { join } from 'node:path';
import { writeTinyModel } from '../../../apps/playground/test/tinyModel.ts';

const folder = process.argv[2]!;
await useBackend();
await writeTinyModel(join(folder, 'good'), { seed: 1 });
await writeTinyModel(join(folder, 'poor'), { seed: 2, steps: 15 });
