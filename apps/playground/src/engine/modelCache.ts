// Loaded things under a cap: the least recently used one goes when a new one does not fit.

/** What the cache holds. */
export interface Disposable {
  dispose(): void;
}

/** Loads on first use; keeps at most `capacity` bytes (but always the newest). */
export class ModelCache<T extends Disposable> {
  private readonly entries = new Map<string, { value: T; bytes: number }>();

  constructor(private readonly capacity: number) {}

  /** Keys held, least recently used first. */
  get keys(): string[] {
    return [...this.entries.keys()];
  }

  /** Gives what `key` names, loading it when it is not there. */
  async get(key: string, bytes: number, load: () => Promise<T>): Promise<T> {
    const known = this.entries.get(key);
    if (known) {
      this.entries.delete(key);
      this.entries.set(key, known);
      return known.value;
    }
    let held = [...this.entries.values()].reduce((sum, entry) => sum + entry.bytes, 0);
    for (const [oldest, entry] of this.entries) {
      if (held + bytes <= this.capacity) break;
      held -= entry.bytes;
      this.entries.delete(oldest);
      entry.value.dispose();
    }
    const value = await load();
    this.entries.set(key, { value, bytes });
    return value;
  }
}
