// Hugging Face's folders of BERT, DistilBERT and RoBERTa.
export {
  fromPretrained,
  savePretrained,
  type FromPretrainedOptions,
  type ModelOf,
  type Pretrained,
  type SavedPretrained,
} from './fromPretrained.ts';
export type { Family, Task } from './stateMaps.ts';
export { vocabularyTokenizer, type VocabularyOptions } from './vocabulary.ts';
