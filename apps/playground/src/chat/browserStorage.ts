// The browser's storage, or one that lasts as long as the page where the browser forbids it.
import type { KeyValueStore } from './history.ts';

class MemoryStorage implements KeyValueStore {
  private readonly entries = new Map<string, string>();
  get length() {
    return this.entries.size;
  }
  key(index: number) {
    return [...this.entries.keys()][index] ?? null;
  }
  getItem(key: string) {
    return this.entries.get(key) ?? null;
  }
  setItem(key: string, value: string) {
    this.entries.set(key, value);
  }
  removeItem(key: string) {
    this.entries.delete(key);
  }
}

let chosen: KeyValueStore | undefined;

/** localStorage where it may be used. */
export function browserStorage(): KeyValueStore {
  if (chosen) return chosen;
  try {
    void localStorage.length;
    chosen = localStorage;
  } catch {
    chosen = new MemoryStorage();
  }
  return chosen;
}
