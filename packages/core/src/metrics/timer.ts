// Measuring time: the book's Timer, and items per second.

/** Records durations in seconds. Book: `Timer`, linear-regression. */
export class Timer {
  /** All recorded durations. */
  readonly times: number[] = [];
  private readonly now: () => number;
  private startedAt: number;

  /** Starts at once. @param now a clock in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
    this.startedAt = now();
  }

  /** Starts a new measurement. */
  start(): void {
    this.startedAt = this.now();
  }

  /** Ends the measurement and gives its duration. */
  stop(): number {
    const seconds = (this.now() - this.startedAt) / 1000;
    this.times.push(seconds);
    return seconds;
  }

  /** Mean duration; 0 when nothing was measured. */
  avg(): number {
    return this.times.length > 0 ? this.sum() / this.times.length : 0;
  }

  /** Total duration. */
  sum(): number {
    return this.times.reduce((sum, time) => sum + time, 0);
  }

  /** Running totals. */
  cumsum(): number[] {
    let sum = 0;
    return this.times.map((time) => (sum += time));
  }
}

/** Items per second over the last few measurements. */
export class Throughput {
  private readonly window: { seconds: number; items: number }[] = [];
  private readonly size: number;

  /** @param size measurements that count (default 20) */
  constructor(size = 20) {
    this.size = size;
  }

  /** Tells that `items` were worked on in `seconds`. */
  add(items: number, seconds: number): void {
    this.window.push({ items, seconds });
    if (this.window.length > this.size) this.window.shift();
  }

  /** Items per second; 0 when nothing was measured. */
  get perSecond(): number {
    const seconds = this.window.reduce((sum, entry) => sum + entry.seconds, 0);
    const items = this.window.reduce((sum, entry) => sum + entry.items, 0);
    return seconds > 0 ? items / seconds : 0;
  }
}
