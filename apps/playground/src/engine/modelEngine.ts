// The engine on our own models: loads each on first use, hands it to its mode, one request at a time.
import * as tf from '@tensorflow/tfjs-core';
import { ApiError } from '../api/errors.ts';
import type { JobRequest, Segment } from '../api/types.ts';
import { modeEngines } from '../modes/engines.ts';
import type { BackendInfo, Engine, EngineMemory, ModeEngine, Tell } from './engine.ts';
import { type Disposable, ModelCache } from './modelCache.ts';
import type { FoundModel } from './modelFolders.ts';

/** Answers with the models of some folders. */
export class ModelEngine implements Engine {
  private readonly cache: ModelCache<Disposable>;

  constructor(
    readonly backend: BackendInfo,
    private readonly found: readonly FoundModel[],
    private readonly options: {
      capacityBytes?: number;
      /** Finds models that came later than `found`. */
      find?: (id: string) => Promise<FoundModel | undefined>;
    } = {},
  ) {
    this.cache = new ModelCache(options.capacityBytes ?? 512e6);
  }

  memory(): EngineMemory {
    const { numTensors, numBytes, heapBytes } = tf.memory() as tf.MemoryInfo & { heapBytes?: number };
    return { tensors: numTensors, tensorBytes: heapBytes ?? numBytes };
  }

  models() {
    return this.found.map(({ card }) => card);
  }

  /** Loads the model that a page shows first now, so that its first answer need not wait for it. */
  async warm(): Promise<void> {
    const mode = modeEngines[0]!;
    const first = this.found.find(({ card }) => card.task === mode.id);
    if (first) await mode.warm?.((await this.load(mode, first.card.id)) as never);
  }

  async run({ task, kind, request }: JobRequest, tell: Tell, cancelled: () => boolean): Promise<Segment[]> {
    const mode = modeEngines.find(({ id }) => id === task);
    if (!mode) throw unknownModel(request.model);
    const work = Object.hasOwn(mode.jobs, kind) ? mode.jobs[kind] : undefined;
    // A mode that does not know a kind of job has nothing to tell.
    if (!work) return [];
    return work((await this.load(mode, request.model)) as never, request as never, tell, cancelled);
  }

  private async load(mode: ModeEngine, id: string): Promise<Disposable> {
    const model = this.found.find(({ card }) => card.id === id) ?? (await this.options.find?.(id));
    if (model?.card.task !== mode.id) throw unknownModel(id);
    // Weights are float32 in memory, whatever they are on disk.
    // An id has one mode, so what is cached under it is what this mode loads.
    return this.cache.get(id, model.card.parameters * 4, () =>
      mode.load(model.path).catch((error: unknown) => {
        console.error(`The model ${id} could not be loaded:`, error);
        throw new ApiError(
          500,
          'model_unreadable',
          `The model ${JSON.stringify(id)} could not be loaded, the server’s output says why; mend its folder or choose another`,
        );
      }),
    );
  }
}

const unknownModel = (id: string) =>
  new ApiError(404, 'unknown_model', `There is no model ${JSON.stringify(id)}; see /api/v1/models`);
