// Data: loaders, the registry of data sets, and the sets themselves.
export * from './loader/index.ts';
export type { DataFile, DataSet } from './registry/dataSet.ts';
export { download, type DownloadOptions, type DownloadProgress } from './registry/download.ts';
export {
  cacheFolder,
  locate,
  type DataOrigin,
  type LocatedFile,
  type LocateOptions,
} from './registry/locate.ts';
export { DataRegistry } from './registry/registry.ts';
export { loadAirfoil, type AirfoilData } from './sets/airfoil.ts';
export { emojiLanguages, readEmojiPairs } from './sets/emoji.ts';
export { fashionMnistLabels, loadFashionMnist, parseIdx, type IdxArray, type ImageData } from './sets/idx.ts';
export { dataRegistry } from './sets/known.ts';
export { cleanSentence, parseTabPairs, readParallelFiles, readTabPairs } from './sets/pairs.ts';
export {
  groupReferences,
  splitKey,
  splitPairs,
  splitPosition,
  type ReferencedSentence,
  type SentencePair,
  type SplitPairs,
  type SplitShares,
} from './sets/split.ts';
export { loadText, loadTimeMachineLines, type TextData } from './sets/text.ts';
export {
  loadTranslation,
  translationSets,
  type TranslationData,
  type TranslationOptions,
  type TranslationSet,
} from './sets/translation.ts';
