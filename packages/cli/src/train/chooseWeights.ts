// Which weights a finished training exports: the mean of its last checkpoints, or the best one.
import { type Module, type RunFolder, averageCheckpoints } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';

/** Loads them into the model. Returns what they are, in words. */
export async function chooseWeights(
  model: Module,
  runFolder: RunFolder,
  { keepBest, average }: { keepBest: boolean; average: number },
): Promise<string> {
  const last = (await runFolder.checkpoints()).slice(-average);
  const best = keepBest ? await runFolder.best() : undefined;
  const steps = best === undefined ? last : [best.step];
  const weights = await averageCheckpoints(steps.map((saved) => runFolder.checkpointPath(saved)));
  model.loadStateDict(weights, { strict: false });
  tf.dispose(weights);
  if (best !== undefined) return `those of step ${best.step}, best by held-out ${best.metric}`;
  return last.length > 1 ? `mean of the last ${last.length} checkpoints` : 'last';
}
