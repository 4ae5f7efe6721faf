// A bounded queue that serves clients in turn: one client's burst does not delay another's first request.
import { ApiError } from '../api/errors.ts';

interface Entry<T> {
  client: string;
  item: T;
}

/** Round robin over clients, first in first out within one, at most `limit` waiting and `perClient` of one. */
export class FairQueue<T> {
  readonly limit: number;
  readonly perClient: number;
  private readonly lanes = new Map<string, Entry<T>[]>();
  private count = 0;

  constructor(limit: number, perClient: number) {
    this.limit = limit;
    this.perClient = perClient;
  }

  get size(): number {
    return this.count;
  }

  /** Adds an item; throws 503 when the queue is full and 429 when this client's share is. */
  push(client: string, item: T): void {
    const lane = this.lanes.get(client) ?? [];
    if (this.count >= this.limit)
      throw new ApiError(
        503,
        'queue_full',
        `${this.count} requests are waiting already; try again in a few seconds`,
        {
          retryAfter: 3,
        },
      );
    if (lane.length >= this.perClient)
      throw new ApiError(
        429,
        'too_many_requests',
        `${lane.length} of your requests are waiting already; wait for them or stop some, then try again`,
        { retryAfter: 2 },
      );
    lane.push({ client, item });
    if (lane.length === 1) this.lanes.set(client, lane);
    this.count += 1;
  }

  /** Takes the next item: the oldest of the client that was served longest ago. */
  shift(): T | undefined {
    const next = this.lanes.entries().next();
    if (next.done) return undefined;
    const [client, lane] = next.value;
    const { item } = lane.shift()!;
    this.lanes.delete(client); // to the end of the round, if anything is left
    if (lane.length > 0) this.lanes.set(client, lane);
    this.count -= 1;
    return item;
  }

  /** Takes out one item wherever it waits; false when it is not there. */
  remove(item: T): boolean {
    for (const [client, lane] of this.lanes) {
      const at = lane.findIndex((entry) => entry.item === item);
      if (at < 0) continue;
      lane.splice(at, 1);
      if (lane.length === 0) this.lanes.delete(client);
      this.count -= 1;
      return true;
    }
    return false;
  }

  /** What waits, in the order in which it will be served as long as nothing is added. */
  inOrder(): T[] {
    const lanes = [...this.lanes.values()];
    const rounds = Math.max(0, ...lanes.map((lane) => lane.length));
    return Array.from({ length: rounds }, (_, round) =>
      lanes.flatMap((lane) => lane.slice(round, round + 1).map(({ item }) => item)),
    ).flat();
  }
}
