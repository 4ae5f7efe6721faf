// Saves every golden folder again with `savePretrained`, into FOLDER, for checkSaved.py:
//   node --import tsx --conditions=@d2lts/source src/pretrained/golden/checkSaved.ts FOLDER
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Rng, useBackend } from '@d2lts/core';
import { BERTModel, fromPretrained, savePretrained } from '../../index.ts';

const [folder = ''] = process.argv.slice(2);
await useBackend();
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const cases = JSON.parse(readFileSync(here('cases.json'), 'utf8')) as { name: string }[];
for (const { name } of cases) await savePretrained(join(folder, name), await fromPretrained(here(name)));

// Heads that are new, and a model that never was Hugging Face's.
const labels = ['no', 'yes', 'maybe', 'never'];
const other = await fromPretrained(here('RobertaForMaskedLM'), { task: 'ForSequenceClassification', labels });
await savePretrained(join(folder, 'RobertaForSequenceClassification-new'), other);
const config = { vocabSize: 30, dim: 8, numHeads: 2, ffnDim: 12, numLayers: 1, padId: 0 };
const model = new BERTModel(config, { rng: new Rng(1) });
const own = { family: 'bert', task: 'ForPreTraining', config, model } as const;
await savePretrained(join(folder, 'BertForPreTraining-own'), own);
