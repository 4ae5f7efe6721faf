// Saving and resuming: what a checkpoint keeps of a trainer's progress and of everything that has a state of its own.
import type { Loader } from '../data/index.ts';
import { ConfigError } from '../errors/index.ts';
import { loadCheckpoint, readTrainingState, writeCheckpoint, type TrainingState } from './checkpoint.ts';
import { checkFingerprints } from './fingerprint.ts';
import type { TrainerOptions } from './options.ts';
import { emptyWindow, type Progress } from './progress.ts';
import type { RngKeeper } from './rngKeeper.ts';

/** Writes and reads the checkpoints of one trainer. */
export class Keeper<B> {
  private savedStep = -1;

  constructor(
    private readonly options: TrainerOptions<B>,
    private readonly loader: Loader<B>,
    private readonly rngs: RngKeeper,
  ) {}

  /** Writes a checkpoint; returns its folder, or undefined where this step has one already or none is wanted. */
  async save(progress: Progress): Promise<string | undefined> {
    const { runFolder, model, optimizer, keepLast = 2 } = this.options;
    if (!runFolder || this.savedStep === progress.step) return undefined;
    const state = this.state(progress);
    const folder = await runFolder.saveCheckpoint(progress.step, (path) =>
      writeCheckpoint(path, model, optimizer, state),
    );
    this.savedStep = progress.step;
    if (progress.best) await runFolder.setBest(progress.best);
    await runFolder.prune(keepLast);
    return folder;
  }

  /**
   * Puts everything back as the newest checkpoint has it, the log included. Returns the progress then; undefined where
   * there is no checkpoint yet.
   *
   * @throws ConfigError without a run folder, or when what the run was trained on has changed
   */
  async resume(): Promise<Progress | undefined> {
    const { runFolder, model, optimizer, scheduler, fingerprints = {}, warn = console.warn } = this.options;
    if (!runFolder) {
      throw new ConfigError({
        operation: 'Trainer.fit',
        fact: 'resume needs a run folder',
        argument: 'resume',
      });
    }
    const latest = await runFolder.latest();
    if (latest === undefined) {
      await runFolder.cutLog(0);
      return undefined;
    }
    const folder = runFolder.checkpointPath(latest);
    const state = await readTrainingState(folder);
    const unknown = checkFingerprints(folder, state.fingerprints, fingerprints);
    if (unknown !== undefined) warn(unknown);
    await loadCheckpoint(folder, state, model, optimizer);
    const { version: _, loader, optimizer: __, scheduler: rate, rngs, callbacks, ...rest } = state;
    const { fingerprints: ___, ...progress } = rest;
    this.loader.restore(loader);
    this.rngs.restore(rngs);
    if (rate) scheduler?.loadStateDict(rate);
    for (const callback of this.options.callbacks ?? []) {
      const kept = callbacks[callback.name];
      if (kept !== undefined) callback.restore?.(kept);
    }
    await runFolder.cutLog(progress.logRecords);
    if (progress.best) await runFolder.setBest(progress.best);
    this.savedStep = progress.step;
    // An earlier version's window has no seconds.
    return { ...progress, window: { ...emptyWindow(), ...progress.window } };
  }

  private state(progress: Progress): TrainingState {
    const { optimizer, scheduler, callbacks = [], fingerprints } = this.options;
    const { kind, step, lr } = optimizer.stateDict();
    const states = callbacks.filter(({ state }) => state).map((each) => [each.name, each.state!()] as const);
    return {
      version: 1,
      ...progress,
      loader: this.loader.state(),
      optimizer: { kind, step, lr },
      scheduler: scheduler?.stateDict() ?? null,
      rngs: this.rngs.state(),
      callbacks: Object.fromEntries(states),
      ...(fingerprints === undefined ? {} : { fingerprints }),
    };
  }
}
