// Plain texts for language models, by name.
import { readText } from '../../files/json.ts';
import type { DataOrigin, LocateOptions } from '../registry/locate.ts';
import { dataRegistry } from './known.ts';

/** A text with where it came from. */
export interface TextData {
  name: string;
  text: string;
  licence: string;
  origin: DataOrigin;
}

const files = { 'time-machine': 'timemachine.txt', 'tiny-shakespeare': 'input.txt' } as const;

/** Loads a text whole. @throws DataError when it cannot be found */
export async function loadText(name: keyof typeof files, options: LocateOptions = {}): Promise<TextData> {
  const { path, origin } = await dataRegistry.locate(name, [files[name]], options);
  return { name, text: await readText(path), licence: dataRegistry.get(name).licence, origin };
}

/** The lines of The Time Machine as the book reads them: letters only, lower case, trimmed (`read_time_machine`). */
export async function loadTimeMachineLines(options: LocateOptions = {}): Promise<string[]> {
  const { text } = await loadText('time-machine', options);
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) =>
    line
      .replace(/[^A-Za-z]+/g, ' ')
      .trim()
      .toLowerCase(),
  );
}
