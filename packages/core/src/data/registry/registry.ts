// DataRegistry: data sets by name.
import { ConfigError, adviseName } from '../../errors/index.ts';
import type { DataSet } from './dataSet.ts';
import { locate, type LocateOptions, type LocatedFile } from './locate.ts';

/**
 * Knows data sets by name and finds their files. `dataRegistry` holds the book's; programs may add their own.
 *
 * @example
 * const { path, origin } = await dataRegistry.locate('time-machine', ['timemachine.txt']);
 */
export class DataRegistry {
  private readonly sets = new Map<string, DataSet>();

  constructor(sets: Iterable<DataSet> = []) {
    for (const set of sets) this.register(set);
  }

  /** Adds a data set. @throws ConfigError when the name is taken */
  register(set: DataSet): void {
    if (this.sets.has(set.name)) {
      throw new ConfigError({
        operation: 'DataRegistry.register',
        fact: 'the name must be free',
        value: set.name,
        argument: 'name',
      });
    }
    this.sets.set(set.name, set);
  }

  /** The names of all data sets. */
  get names(): string[] {
    return [...this.sets.keys()];
  }

  /** A data set by name. @throws ConfigError for an unknown one, with the nearest known */
  get(name: string): DataSet {
    const set = this.sets.get(name);
    if (set) return set;
    throw new ConfigError({
      operation: 'DataRegistry.get',
      fact: 'there must be a data set of this name',
      value: name,
      advice: adviseName(name, this.sets.keys()),
      argument: 'name',
    });
  }

  /** Finds the first of some alternative files of a data set; see `locate` for the order of places. */
  locate(name: string, files: readonly string[], options: LocateOptions = {}): Promise<LocatedFile> {
    return locate(this.get(name), files, options);
  }
}
