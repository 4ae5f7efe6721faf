// Writes tiny translators into the folder given: one that knows its sentences, and of other architectures some that half do.
import { useBackend } from '@d2lts/core';
import { join } from 'node:path';
import { writeTinyModel } from '../../../apps/playground/test/tinyModel.ts';

const folder = process.argv[2]!;
await useBackend();
await writeTinyModel(join(folder, 'good'), { seed: 1 });
await writeTinyModel(join(folder, 'poor'), { seed: 2, steps: 15 });
await writeTinyModel(join(folder, 'looking'), { architecture: 'bahdanau', seed: 3, steps: 15 });
await writeTinyModel(join(folder, 'blind'), { architecture: 'seq2seq', seed: 4, steps: 15 });
