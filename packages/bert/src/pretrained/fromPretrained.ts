// Hugging Face's folders of BERT, DistilBERT and RoBERTa, in and out: any head, safetensors whole or in shards.
import {
  type FloatDtype,
  type JsonObject,
  type Module,
  type TensorDict,
  FormatError,
  Rng,
  buildFor,
  loadModelFolder,
  readForeign,
  saveModelFolder,
  writeForeign,
} from '@d2lts/core';
import type { SubwordTokenizer } from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import { BERTModel } from '../model/bertModel.ts';
import type { ProblemType } from '../model/taskLoss.ts';
import {
  type BertTaskConfig,
  BertForMaskedLM,
  BertForQuestionAnswering,
  BertForSequenceClassification,
  BertForTokenClassification,
  BertTrunk,
} from '../model/taskModels.ts';
import { type PretrainedConfig, readConfig, writeConfig } from './huggingFaceConfig.ts';
import { type Task, stateMap } from './stateMaps.ts';
import { readTokenizerFiles, tokenizerOf } from './tokenizerFiles.ts';

const classes = {
  Model: BertTrunk,
  ForPreTraining: BERTModel,
  ForMaskedLM: BertForMaskedLM,
  ForSequenceClassification: BertForSequenceClassification,
  ForTokenClassification: BertForTokenClassification,
  ForQuestionAnswering: BertForQuestionAnswering,
} as const;

/** The model of each task. */
export type ModelOf<T extends Task> = InstanceType<(typeof classes)[T]>;

/** A model with all that its folder says of it. */
export interface Pretrained<T extends Task = Task> extends Omit<PretrainedConfig, 'model'> {
  task: T;
  config: BertTaskConfig;
  model: ModelOf<T>;
  tokenizer?: SubwordTokenizer | undefined;
  /** config.json and other files as they were read, for `savePretrained`. */
  origin?: { config: JsonObject; files: Readonly<Record<string, string>> };
}

/** How a folder is to be read. */
export interface FromPretrainedOptions<T extends Task> {
  /** The head; the folder's own by default. Another one, or one for another number of labels, is new: drawn from `rng`. */
  task?: T;
  /** Names of a new head's labels. */
  labels?: readonly string[];
  problemType?: ProblemType;
  rng?: Rng;
}

const operation = 'fromPretrained';

/**
 * Loads a folder of Hugging Face's BERT, DistilBERT or RoBERTa: `config.json`, `model.safetensors` (or shards),
 * `tokenizer.json` or `vocab.txt`. A backend must have been chosen (`useBackend`).
 *
 * @throws DataError or FormatError when a file is missing, broken or no BERT; ConfigError or ShapeError when weights do
 * not fit the config
 *
 * @example
 * const { model } = await fromPretrained('bert-base-uncased', { task: 'ForSequenceClassification', labels: ['no', 'yes'] });
 */
export async function fromPretrained<T extends Task = Task>(
  path: string,
  { task, labels, problemType, rng = new Rng(0) }: FromPretrainedOptions<T> = {},
): Promise<Pretrained<T>> {
  const folder = await loadModelFolder(path);
  const read = readConfig(folder.config, task);
  const newLabels = labels !== undefined && labels.length !== read.labels.length;
  const own = { ...read, labels: [...(labels ?? read.labels)], problemType: problemType ?? read.problemType };
  const config = { ...read.model, numLabels: own.labels.length };
  const files = await readTokenizerFiles(folder);
  const tokenizer = tokenizerOf(operation, files);
  if (tokenizer !== undefined && tokenizer.vocabSize > config.vocabSize) {
    throw new FormatError({
      operation,
      fact: `the tokenizer must have at most the model's ${config.vocabSize} tokens`,
      value: tokenizer.vocabSize,
    });
  }
  const place = { operation, what: `a ${own.family} of Hugging Face` };
  const theirs = await folder.readState();
  let ours: TensorDict = {};
  let model: Module | undefined;
  try {
    const names = Object.getOwnPropertyNames(theirs);
    const bare = !names.some((name) => name.startsWith(`${own.family}.`));
    ours = readForeign(operation, stateMap(own.family, own.task, { bare, tied: config.tiedDecoder }), theirs);
    if (own.task === 'Model') config.pooler = 'pooler.weight' in ours;
    model = await buildFor(folder, place, () => new classes[own.task](config, { rng }));
    loadOwn(model, ours, own.task !== own.stored || (newLabels && own.task.endsWith('Classification')));
  } catch (error) {
    model?.dispose();
    throw error;
  } finally {
    tf.dispose([theirs, ours]);
  }
  model.eval();
  const { stored: _, ...said } = own;
  const origin = { config: folder.config, files };
  return { ...said, config, model, tokenizer, origin } as Pretrained<T>;
}

/** Loads what is there; parts of a new head that are not there, or of another shape, stay as they were drawn. */
function loadOwn(model: Module, state: TensorDict, newHead: boolean): void {
  if (!newHead) {
    model.loadStateDict(state);
    return;
  }
  const drawn = Object.entries(model.stateDict()).filter(([name]) => !name.startsWith('encoder.'));
  const head = new Map(drawn);
  const usable = Object.entries(state).filter(([name, { shape }]) => {
    const own = head.get(name);
    return own === undefined || tf.util.arraysEqual(shape, own.shape);
  });
  model.loadStateDict({ ...Object.fromEntries(drawn), ...Object.fromEntries(usable) });
}

/** What is written; labels are called `LABEL_0`, … by default. */
export type SavedPretrained = Omit<Pretrained, 'labels'> & Partial<Pick<Pretrained, 'labels'>>;

/**
 * Writes a folder that Hugging Face's classes load, without missing or unexpected names: `config.json`,
 * `model.safetensors`, and the tokenizer's files.
 *
 * @example
 * await savePretrained('my-bert', { family: 'bert', task: 'ForPreTraining', config, model });
 */
export async function savePretrained(
  path: string,
  { model, tokenizer, origin, ...said }: SavedPretrained,
  options: { dtype?: FloatDtype } = {},
): Promise<void> {
  const { family, task, config } = said;
  const labels = said.labels ?? Array.from({ length: config.numLabels ?? 2 }, (_, id) => `LABEL_${id}`);
  const map = stateMap(family, task, { tied: config.tiedDecoder });
  const state = writeForeign('savePretrained', map, model.ownState());
  try {
    const files = origin?.files ?? {};
    const own = tokenizer !== undefined && files['tokenizer.json'] === undefined;
    const written = writeConfig({ ...said, model: config, labels }, origin?.config);
    const content = { config: written, state, files, ...(own && { tokenizer: tokenizer.toJSON() }) };
    await saveModelFolder(path, content, options);
  } finally {
    tf.dispose(state);
  }
}
