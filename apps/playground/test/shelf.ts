// A browser's storage for the tests; it may be made full.
import type { KeyValueStore } from '../src/chat/history.ts';

export class Shelf implements KeyValueStore {
  entries = new Map<string, string>();
  /** Longest value that it takes. */
  room = Number.POSITIVE_INFINITY;
  get length() {
    return this.entries.size;
  }
  key = (i: number) => [...this.entries.keys()][i] ?? null;
  getItem = (key: string) => this.entries.get(key) ?? null;
  removeItem = (key: string) => void this.entries.delete(key);
  setItem(key: string, value: string) {
    if (value.length > this.room) throw new Error('QuotaExceededError');
    this.entries.set(key, value);
  }
}
