// The book's English-French data: words, padded to a fixed number of steps (section 9.5).
import { DataLoader, type LocateOptions, type Rng, dataRegistry, fromArray, readLines } from '@d2lts/core';
import { buildArrayNmt, preprocessNmt, tokenizeNmt } from '../text/translation.ts';
import { Vocab } from '../text/vocab.ts';
import type { PairBatch } from './batches.ts';

/** What `loadDataNmt` gives. */
export interface NmtData {
  loader: DataLoader<number, PairBatch>;
  sourceVocab: Vocab;
  targetVocab: Vocab;
}

/** Lines `source TAB target` of the English-French sentences (`read_data_nmt`). @throws DataError when they are not there */
export async function readDataNmt(options: LocateOptions & { numLines?: number } = {}): Promise<string> {
  const { path } = await dataRegistry.locate('fra-eng', ['fra.txt.gz', 'fra.txt'], options);
  const lines: string[] = [];
  for await (const line of readLines(path)) {
    if (lines.length >= (options.numLines ?? Infinity)) break;
    lines.push(line);
  }
  return lines.join('\n');
}

/** Words seen at least twice, after `<unk>`, `<pad>`, `<bos>`, `<eos>`. */
export function nmtVocab(sentences: readonly (readonly string[])[]): Vocab {
  return new Vocab(sentences, { minFreq: 2, reservedTokens: ['<pad>', '<bos>', '<eos>'] });
}

/**
 * Batches of the first `numExamples` sentences, 600 by default, cut or padded to `numSteps`, in random order
 * (`load_data_nmt`). The decoder's input is `<bos>` and the target without its last step.
 */
export async function loadDataNmt({
  batchSize,
  numSteps,
  numExamples = 600,
  rng,
  ...locate
}: LocateOptions & {
  batchSize: number;
  numSteps: number;
  numExamples?: number;
  rng: Rng;
}): Promise<NmtData> {
  const text = preprocessNmt(await readDataNmt({ ...locate, numLines: numExamples }));
  const { source, target } = tokenizeNmt(text);
  const [sourceVocab, targetVocab] = [nmtVocab(source), nmtVocab(target)];
  const sources = buildArrayNmt(source, sourceVocab, numSteps);
  const targets = buildArrayNmt(target, targetVocab, numSteps);
  const bos = targetVocab.index('<bos>');
  const collate = (items: number[]): PairBatch => {
    const gather = (ids: Int32Array) =>
      Int32Array.from(items.flatMap((i) => [...ids.subarray(i * numSteps, (i + 1) * numSteps)]));
    const labels = gather(targets.ids);
    return {
      rows: items.length,
      sourceSteps: numSteps,
      targetSteps: numSteps,
      source: gather(sources.ids),
      sourceLens: Int32Array.from(items, (i) => sources.validLens[i]!),
      input: labels.map((_, at) => (at % numSteps === 0 ? bos : labels[at - 1]!)),
      labels,
    };
  };
  const items = fromArray(Array.from(source, (_, i) => i));
  return { loader: new DataLoader(items, { batchSize, rng, collate }), sourceVocab, targetVocab };
}
