// Draws the loss curves into the run folder.
import { join } from 'node:path';
import { plotCurves, savePlot } from '../../plot/index.ts';
import type { Callback, LogRecord } from '../callback.ts';
import type { Json } from '../../files/index.ts';
import { History } from './history.ts';

/** Writes `curves.svg` when training ends: training and evaluation loss, or the curves that are named. */
export class PlotCurves implements Callback {
  readonly name = 'plotCurves';
  private readonly history = new History();
  private readonly path: string;
  private readonly names: readonly string[];

  /**
   * @param folder where `curves.svg` goes, usually the run folder's path
   * @param names curves of `History`, for instance `train loss`
   */
  constructor(folder: string, names: readonly string[] = ['train loss', 'evaluate loss']) {
    this.path = join(folder, 'curves.svg');
    this.names = names;
  }

  onLog(record: LogRecord): void {
    this.history.onLog(record);
  }

  async onEnd(): Promise<void> {
    const curves = this.history.curves(...this.names);
    if (curves.length > 0) await savePlot(this.path, await plotCurves(curves, { xLabel: 'step' }));
  }

  state(): Json {
    return this.history.state();
  }

  restore(state: Json): void {
    this.history.restore(state);
  }
}
