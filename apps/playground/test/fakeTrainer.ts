// A training process that does what a test tells it.
import { EventEmitter } from 'node:events';
import type { TrainCommand, TrainerMessage } from '../src/training/protocol.ts';
import type { TrainerProcess } from '../src/training/trainHost.ts';

/** Speaks for a process; ends as told when it is commanded to. */
export class FakeTrainer extends EventEmitter implements TrainerProcess {
  readonly commands: TrainCommand[] = [];

  constructor(readonly folder: string) {
    super();
  }

  send(command: TrainCommand): void {
    this.commands.push(command);
    this.end({ type: 'status', status: command === 'pause' ? 'paused' : 'stopped' });
  }

  say(...messages: TrainerMessage[]): void {
    for (const message of messages) this.emit('message', message);
  }

  /** Says a last word, if any, and is gone. */
  end(message?: TrainerMessage): void {
    if (message) this.say(message);
    setImmediate(() => this.emit('close', message ? 0 : 1));
  }

  kill(): void {
    this.end();
  }
}
