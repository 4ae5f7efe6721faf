// Where the models are that ship with this project.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DataError } from '@d2lts/core';

/** The shipped English-French model. @throws DataError without it */
export function defaultModel(): string {
  return shippedModel('en-fr-transformer');
}

/** A shipped model's folder: beside the built command, or in the repository. @throws DataError without it */
export function shippedModel(name: string): string {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const places = [join(here, 'models', name), join(here, '../../../models', name)];
  const found = places.find((place) => existsSync(join(place, 'config.json')));
  if (found !== undefined) return found;
  throw new DataError({
    operation: 'd2l',
    fact: `the shipped model ${name} is missing`,
    advice: 'name a model folder with --model, or train one with d2l train',
  });
}
