// BERT: the encoder, its pretraining heads, the loss, Hugging Face's files.
export { BERTModel, type BertInput, type BertOutput } from './bertModel.ts';
export { bertFields, bookBert, type BertConfig, type BertSizes } from './config.ts';
export { BERTEncoder } from './encoder.ts';
export { MaskLM, NextSentencePred, pickSteps } from './heads.ts';
export { fromHuggingFace, toHuggingFace } from './huggingFace.ts';
export {
  pretrainingLoss,
  pretrainingTensors,
  type PretrainingLoss,
  type PretrainingTensors,
} from './loss.ts';
export {
  SequenceClassifier,
  SpanExtractor,
  TokenClassifier,
  type HeadOptions,
  type SpanLogits,
} from './taskHeads.ts';
export { sequenceLoss, spanLoss, tokenLoss, type ProblemType } from './taskLoss.ts';
export {
  BertForMaskedLM,
  BertForQuestionAnswering,
  BertForSequenceClassification,
  BertForTokenClassification,
  BertTrunk,
  type BertHeadConfig,
  type BertTaskConfig,
} from './taskModels.ts';
