// Messages between the server and the process that trains.
import type { TrainEvent } from '../api/train.ts';

/** Server to trainer: end after the current step, to go on later or for good. */
export type TrainCommand = 'pause' | 'stop';

/** Trainer to server. */
export type TrainerMessage = Exclude<TrainEvent, { type: 'run' }>;
