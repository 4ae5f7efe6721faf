// `d2l data`: the data sets that the loaders know, and where they are.
import { dataRegistry, loadTranslation, translationSets } from '@d2lts/core';
import { Command } from 'commander';

/** The `data` verb. */
export function dataCommand(): Command {
  return new Command('data')
    .description('List the data sets, or find (and if needed download) one.')
    .argument('[name]', 'a data set: fetch it and say what is in it')
    .option('--json', 'JSON')
    .action(data);
}

async function data(name: string | undefined, flags: { json?: boolean }): Promise<void> {
  const print = (value: unknown, text: string) =>
    void process.stdout.write(`${flags.json ? JSON.stringify(value) : text}\n`);
  if (name === undefined) {
    const sets = dataRegistry.names.map((set) => {
      const { title, licence, homepage } = dataRegistry.get(set);
      return { name: set, title, licence, homepage };
    });
    print(sets, sets.map((set) => `${set.name.padEnd(18)} ${set.title} (${set.licence})`).join('\n'));
    return;
  }
  if ((translationSets as readonly string[]).includes(name)) {
    const { train, valid, test, source, target, licence, origin } = await loadTranslation(name);
    const counts = { train: train.length, valid: valid.length, test: test.length };
    print(
      { name, source, target, licence, origin, ...counts },
      `${name}: ${source} to ${target}, ${counts.train} training pairs, ${counts.valid} validation and ${counts.test} test sentences (${licence}; ${origin})`,
    );
    return;
  }
  const set = dataRegistry.get(name);
  const { path, origin } = await dataRegistry.locate(name, [set.files[0]!.name]);
  print({ name, path, origin, licence: set.licence }, `${name}: ${path} (${set.licence}; ${origin})`);
}
