// Keeps the log in memory as curves, for plots and for programs.
import type { Json } from '../../files/index.ts';
import type { Callback, LogRecord } from '../callback.ts';

/** One curve's points. */
export interface Curve {
  name: string;
  x: number[];
  y: number[];
}

/** Collects every metric over the steps: `train loss`, `evaluate bleu`, … */
export class History implements Callback {
  readonly name = 'history';
  private byName = new Map<string, Curve>();

  onLog(record: LogRecord): void {
    for (const [metric, value] of Object.entries(record.metrics)) {
      const name = `${record.kind} ${metric}`;
      let curve = this.byName.get(name);
      if (!curve) this.byName.set(name, (curve = { name, x: [], y: [] }));
      curve.x.push(record.step);
      curve.y.push(value);
    }
  }

  /** The curves so far, or those of the given names. */
  curves(...names: string[]): Curve[] {
    const all = [...this.byName.values()];
    return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
  }

  state(): Json {
    return this.curves().map(({ name, x, y }) => ({ name, x: [...x], y: [...y] }));
  }

  restore(state: Json): void {
    this.byName = new Map((state as unknown as Curve[]).map((curve) => [curve.name, curve]));
  }
}
