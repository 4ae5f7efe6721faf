// The engine on our own models: loads translators and language models on first use, answers one request at a time.
import { Translator, loadTextGenerator } from '@d2lts/attention';
import type { TextGenerator } from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import { ApiError } from '../api/errors.ts';
import { defaultSettings } from '../api/limits.ts';
import type {
  AttentionRequest,
  GenerateRequest,
  ProbabilitiesRequest,
  Segment,
  Task,
  TranslateRequest,
} from '../api/types.ts';
import { languageModelMaps, translationMaps } from './attend.ts';
import { decodeLine, type LoadedModel } from './decode.ts';
import type { BackendInfo, Engine, EngineEvent, EngineMemory } from './engine.ts';
import { generateText } from './generateText.ts';
import { ModelCache } from './modelCache.ts';
import { tokenProbabilities } from './probabilities.ts';
import type { FoundModel } from './modelFolders.ts';

/** A translator in the shape that decoding needs. */
export function loadedModelOf(translator: Translator): LoadedModel {
  const { model, tokenizer, config } = translator;
  const { bos, eos, pad } = config.special;
  const longest = typeof config.model['maxLen'] === 'number' ? config.model['maxLen'] : 256;
  return {
    bos,
    eos,
    banned: [pad, bos],
    lengthPenalty: config.decoding.lengthPenalty,
    maxLength: (sourceLength) => Math.min(longest, 2 * sourceLength + 10),
    encode: (text) => {
      const ids = [...tokenizer.encode(text.trim()), eos];
      if (ids.length <= longest) return ids;
      throw new ApiError(
        422,
        'line_too_long',
        `A line may have at most ${longest - 1} tokens, this one has ${ids.length - 1}; split it into shorter lines`,
      );
    },
    decode: (ids) => tokenizer.decode(ids),
    searchDecoder: (options) => model.searchDecoder(options),
  };
}

/** Translates and generates with the models of some folders. */
export class ModelEngine implements Engine {
  private readonly cache: ModelCache<Translator | TextGenerator>;

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

  /** Loads a translator now, so that the first translation need not wait for it. */
  async warm(id: string): Promise<void> {
    const model = loadedModelOf(await this.translator(id));
    const request: TranslateRequest = {
      ...defaultSettings,
      strategy: 'greedy',
      maxLength: 2,
      text: 'a',
      model: id,
      prefix: [],
      attention: true,
      stream: false,
    };
    await decodeLine(
      model,
      request.text,
      0,
      request,
      () => {},
      () => false,
    );
  }

  async translate(
    request: TranslateRequest,
    tell: (event: EngineEvent) => void,
    cancelled: () => boolean,
  ): Promise<Segment[]> {
    const model = loadedModelOf(await this.translator(request.model));
    const segments: Segment[] = [];
    for (const [index, line] of request.text.split('\n').entries())
      segments.push(
        line.trim() === ''
          ? emptySegment(line, index, tell)
          : await decodeLine(model, line, index, request, tell, cancelled),
      );
    return segments;
  }

  async generate(
    request: GenerateRequest,
    tell: (event: EngineEvent) => void,
    cancelled: () => boolean,
  ): Promise<Segment[]> {
    const generator = await this.load('generate', request.model, loadTextGenerator);
    return [await generateText(generator, request, tell, cancelled)];
  }

  async attend({ task, model: id, text, tokens, from }: AttentionRequest): Promise<Segment[]> {
    const maps =
      task === 'translate'
        ? await translationMaps(await this.translator(id), text, tokens, from)
        : await languageModelMaps(await this.load('generate', id, loadTextGenerator), text, tokens);
    return [{ ...emptySegmentOf(text), maps }];
  }

  async probabilities(request: ProbabilitiesRequest, cancelled: () => boolean): Promise<Segment[]> {
    const model = loadedModelOf(await this.translator(request.model));
    return [
      { ...emptySegmentOf(request.text), outputs: await tokenProbabilities(model, request, cancelled) },
    ];
  }

  private translator(id: string): Promise<Translator> {
    return this.load('translate', id, (path) => Translator.load(path));
  }

  private async load<Model extends Translator | TextGenerator>(
    task: Task,
    id: string,
    load: (path: string) => Promise<Model>,
  ): Promise<Model> {
    const model = this.found.find(({ card }) => card.id === id) ?? (await this.options.find?.(id));
    if (model?.card.task !== task)
      throw new ApiError(404, 'unknown_model', `There is no model ${JSON.stringify(id)}; see /api/v1/models`);
    // Weights are float32 in memory, whatever they are on disk.
    // An id has one task, so what is cached under it is what this task loads.
    return this.cache.get(id, model.card.parameters * 4, () =>
      load(model.path).catch((error: unknown) => {
        console.error(`The model ${id} could not be loaded:`, error);
        throw new ApiError(
          500,
          'model_unreadable',
          `The model ${JSON.stringify(id)} could not be loaded, the server’s output says why; mend its folder or choose another`,
        );
      }),
    ) as Promise<Model>;
  }
}

function emptySegmentOf(source: string): Segment {
  return { source, sourceTokens: [], text: '', tokens: [], logProb: 0, score: 0, alternatives: [] };
}

function emptySegment(source: string, segment: number, tell: (event: EngineEvent) => void): Segment {
  const result = emptySegmentOf(source);
  tell({ type: 'start', segment, source, sourceTokens: [] });
  tell({ type: 'segment', segment, result });
  return result;
}
