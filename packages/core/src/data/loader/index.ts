// Loading data: data sets, loaders, batches.
export { DataLoader } from './dataLoader.ts';
export {
  fromArray,
  mapped,
  subset,
  type Dataset,
  type Loader,
  type LoaderState,
  type StreamDataset,
} from './dataset.ts';
export { LineFile, lineStream, readLines } from './lines.ts';
export type { BatchOptions } from './options.ts';
export { padSequences, type PaddedBatch, type PadOptions } from './padSequences.ts';
export { StreamLoader, type StreamOptions } from './streamLoader.ts';
