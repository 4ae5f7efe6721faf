// How the worker translates, line by line; and what it tells of a translation afterwards.
import { Translator } from '@d2lts/attention';
import { ApiError } from '../../api/errors.ts';
import { defaultSettings } from '../../api/limits.ts';
import type { AttentionRequest, Segment } from '../../api/types.ts';
import { emptySegment, type ModeEngine, type Tell } from '../../engine/engine.ts';
import { translationMaps } from './attention.ts';
import { translateContract, type ProbabilitiesRequest, type TranslateRequest } from './contract.ts';
import { decodeLine, type LoadedModel } from './decode.ts';
import { tokenProbabilities } from './probabilities.ts';

/** A translator in the shape that decoding needs. */
export function loadedModelOf(translator: Translator): LoadedModel {
  const { model, tokenizer, config } = translator;
  const { bos, eos, pad } = config.special;
  const longest = model.maxLen ?? Infinity;
  return {
    bos,
    eos,
    banned: [pad, bos],
    lengthPenalty: config.decoding.lengthPenalty,
    maxLength: (sourceLength) => translator.targetLimit(sourceLength),
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

async function translate(
  translator: Translator,
  request: TranslateRequest,
  tell: Tell,
  cancelled: () => boolean,
): Promise<Segment[]> {
  const model = loadedModelOf(translator);
  const segments: Segment[] = [];
  for (const [index, line] of request.text.split('\n').entries())
    segments.push(
      line.trim() === ''
        ? tellEmpty(line, index, tell)
        : await decodeLine(model, line, index, request, tell, cancelled),
    );
  return segments;
}

function tellEmpty(source: string, segment: number, tell: Tell): Segment {
  const result = emptySegment(source);
  tell({ type: 'start', segment, source, sourceTokens: [] });
  tell({ type: 'segment', segment, result });
  return result;
}

/** A word or two. */
const firstRequest: TranslateRequest = {
  ...defaultSettings,
  strategy: 'greedy',
  maxLength: 2,
  text: 'a',
  model: '',
  prefix: [],
  attention: true,
};

export const translateEngine: ModeEngine = {
  id: translateContract.id,
  load: (path) => Translator.load(path),
  jobs: {
    answer: translate,
    attention: async (translator: Translator, { text, tokens, from }: AttentionRequest) => [
      { ...emptySegment(text), maps: await translationMaps(translator, text, tokens, from) },
    ],
    probabilities: async (translator: Translator, request: ProbabilitiesRequest, _tell, cancelled) => [
      {
        ...emptySegment(request.text),
        outputs: await tokenProbabilities(loadedModelOf(translator), request, cancelled),
      },
    ],
  },
  warm: (translator: Translator) =>
    translate(
      translator,
      firstRequest,
      () => {},
      () => false,
    ),
};
