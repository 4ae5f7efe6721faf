// Training as the server uses it: the runs of the user's folder, trained by a script.
import { RunStore, runsFolder } from './runStore.ts';
import { TrainHost, forkTrainer } from './trainHost.ts';

/** Finds earlier runs; `script` is the built trainer. */
export async function openTraining(script: string): Promise<TrainHost> {
  const host = new TrainHost(new RunStore(runsFolder()), forkTrainer(script));
  await host.ready;
  return host;
}
