// References and system outputs from files or standard input.

import { trimEnd } from '../text/whitespace.ts';
import { reprString } from '../text/repr.ts';
import { InputError } from './errors.ts';
import type { CliOptions } from './flags.ts';
import { readLines, readStandardInput } from './reading.ts';
import { referenceFiles } from './test-sets.ts';

/** Named system outputs, in the order given. */
export interface System {
  name: string;
  lines: string[];
}

/** Reference streams: from the given files, or those of the test sets one after another. */
export function readReferences(options: CliOptions, info: (message: string) => void): string[][] {
  const { testSet, langPair, numRefs, encoding } = options;
  const sets =
    testSet === null ? [options.refs] : testSet.split(',').map((name) => referenceFiles(name, langPair!));
  if (testSet !== null && sets.some((files) => files.length === 0))
    info(`No references found for test set ${testSet}/${langPair}.`);
  const streams: string[][] = Array.from({ length: Math.max(sets[0]!.length, numRefs) }, () => []);
  for (const files of sets) {
    files.forEach((file, stream) => {
      readLines(file, encoding).forEach((raw, i) => {
        const line = trimEnd(raw);
        if (numRefs === 1) {
          streams[stream]?.push(line);
          return;
        }
        const fields = splitTabs(line, numRefs);
        if (fields.length !== numRefs) {
          throw new InputError(
            [`FATAL: line ${i + 1}: expected ${numRefs} fields, but found ${fields.length}.`],
            17,
          );
        }
        fields.forEach((field, n) => streams[n]!.push(field));
      });
    });
  }
  return streams;
}

// At most `count` fields; the last keeps further tabs.
function splitTabs(line: string, count: number): string[] {
  const fields = line.split('\t');
  return count > 0 && fields.length > count
    ? [...fields.slice(0, count - 1), fields.slice(count - 1).join('\t')]
    : fields;
}

/** System outputs: one file each, or tab-separated on standard input. */
export function readSystems(options: CliOptions, info: (message: string) => void): System[] {
  const paired = options.pairedAr || options.pairedBs;
  if (options.input === null) return readTabbedSystems(options, paired);
  const systems: System[] = [];
  for (const name of options.input) {
    if (systems.some((system) => system.name === name)) {
      if (paired && name === systems[0]!.name) {
        info(`Ignoring ${reprString(name)} as it was also given as the baseline.`);
        continue;
      }
      throw new InputError([
        `${reprString(name)} already used to name a system.`,
        'Make sure to have a different basename for each system.',
      ]);
    }
    systems.push({ name, lines: readLines(name, options.encoding).map(trimEnd) });
  }
  if (paired && systems[0]) systems[0].name = `Baseline: ${systems[0].name}`;
  return systems;
}

function readTabbedSystems(options: CliOptions, paired: boolean): System[] {
  const lines = readStandardInput(options.encoding);
  const first = trimEnd(lines[0] ?? '').split('\t');
  const systems = first.map((line, i): System => {
    const name = paired ? (i === 0 ? 'Baseline' : `System ${i}`) : `System ${i + 1}`;
    return { name, lines: [line] };
  });
  for (const line of lines.slice(1)) {
    const fields = trimEnd(line).split('\t');
    if (fields.length !== systems.length) {
      throw new InputError(
        ['FATAL: the number of tab-delimited fields in the input stream differ across lines.'],
        17,
      );
    }
    fields.forEach((field, i) => systems[i]!.lines.push(trimEnd(field)));
  }
  return systems;
}
