// The config.json of BERT, DistilBERT and RoBERTa at Hugging Face, and ours: both ways.
import {
  type Field,
  type JsonObject,
  ConfigError,
  FormatError,
  adviseName,
  checkFields,
  field,
} from '@d2lts/core';
import { type BertConfig, bertFields } from '../model/config.ts';
import type { ProblemType } from '../model/taskLoss.ts';
import type { BertTaskConfig } from '../model/taskModels.ts';
import { type Family, type Task, families, tasks } from './stateMaps.ts';

/** A folder's model, as its config says. */
export interface PretrainedConfig {
  family: Family;
  task: Task;
  model: BertTaskConfig;
  /** Names of the labels, by id. */
  labels: string[];
  /** Of texts' labels; by default regression for one label, else one class. */
  problemType?: ProblemType | undefined;
}

type Names = Partial<Record<keyof BertConfig, readonly [theirs: string, usual: number | string | boolean]>>;

const shared = {
  vocabSize: ['vocab_size', 30522],
  maxLen: ['max_position_embeddings', 512],
  tiedDecoder: ['tie_word_embeddings', true],
} as const satisfies Names;

const bert = {
  ...shared,
  dim: ['hidden_size', 768],
  numHeads: ['num_attention_heads', 12],
  ffnDim: ['intermediate_size', 3072],
  numLayers: ['num_hidden_layers', 12],
  dropout: ['hidden_dropout_prob', 0.1],
  attentionDropout: ['attention_probs_dropout_prob', 0.1],
  numSegments: ['type_vocab_size', 2],
  activation: ['hidden_act', 'gelu'],
  epsilon: ['layer_norm_eps', 1e-12],
} as const satisfies Names;

/** Names of the fields that differ only in name, with Hugging Face's defaults. */
const names: Record<Family, Names> = {
  bert,
  roberta: { ...bert, vocabSize: ['vocab_size', 50265] },
  distilbert: {
    ...shared,
    dim: ['dim', 768],
    numHeads: ['n_heads', 12],
    ffnDim: ['hidden_dim', 3072],
    numLayers: ['n_layers', 6],
    dropout: ['dropout', 0.1],
    attentionDropout: ['attention_dropout', 0.1],
    activation: ['activation', 'gelu'],
  },
};

const prefixes: Record<Family, string> = { bert: 'Bert', distilbert: 'DistilBert', roberta: 'Roberta' };
const operation = 'fromPretrained';

/** What is built as it stands: another value is another model. */
const only: Record<string, readonly unknown[]> = {
  position_embedding_type: ['absolute'],
  is_decoder: [false],
  add_cross_attention: [false],
};

const problems: readonly ProblemType[] = [
  'single_label_classification',
  'multi_label_classification',
  'regression',
];

const nullable = (inner: Field): Field => ({
  ...inner,
  holds: (value) => value === null || inner.holds(value),
  optional: true,
});

/** Hugging Face's fields that are read, and what they may hold. */
function fieldsOf(family: Family) {
  const sizes = Object.entries(names[family]).map(([ours, [theirs]]) => [
    theirs,
    nullable(bertFields[ours as keyof BertConfig]),
  ]);
  return {
    ...(Object.fromEntries(sizes) as Record<string, Field>),
    pad_token_id: nullable(field.integer(0, 2 ** 20)),
    classifier_dropout: nullable(field.share),
    seq_classif_dropout: nullable(field.share),
    qa_dropout: nullable(field.share),
    problem_type: nullable(field.oneOf(...problems)),
    id2label: nullable({ holds: isLabels, must: 'labels by the ids 0, 1, …' }),
    num_labels: nullable(field.integer(1, 2 ** 16)),
  };
}

/**
 * @param task read it as another task's than its own (`stored`)
 * @throws FormatError for what is no BERT, and for a field that is wrong
 */
export function readConfig(config: JsonObject, wanted?: Task): PretrainedConfig & { stored: Task } {
  const type = config['model_type'];
  const family = families.find((name) => name === type);
  if (family === undefined) {
    throw new FormatError({
      operation,
      fact: 'config.json must have a known model_type',
      value: type,
      advice: adviseName(typeof type === 'string' ? type : '', families),
      argument: 'model_type',
    });
  }
  checkFields(config, fieldsOf(family), { operation, what: `a ${family} of Hugging Face`, open: true });
  for (const [name, possible] of Object.entries(only)) {
    if (config[name] === undefined || config[name] === null || possible.includes(config[name])) continue;
    throw new FormatError({
      operation,
      fact: `only models with ${name} ${String(possible[0])} can be read`,
      value: config[name],
      argument: name,
    });
  }
  const { pad_token_id: pad, problem_type: problem } = config;
  const model: Record<string, unknown> = {};
  for (const [ours, [theirs, usual]] of Object.entries(names[family])) model[ours] = config[theirs] ?? usual;
  const padId = pad === null ? undefined : Number(pad ?? (family === 'roberta' ? 1 : 0));
  const offset = family === 'roberta' ? (padId ?? 1) + 1 : 0;
  const stored = readTask(config['architectures'], family);
  const task = wanted ?? stored;
  if (!tasks.includes(task)) {
    const advice = adviseName(task, tasks);
    throw new ConfigError({
      operation,
      fact: 'task must be a known one',
      value: task,
      advice,
      argument: 'task',
    });
  }
  const labels = readLabels(config);
  return {
    family,
    task,
    stored,
    labels,
    model: {
      ...(model as unknown as BertConfig),
      ...headOf(family, task, config),
      numLabels: labels.length,
      maxLen: Number(model['maxLen']) - offset,
      positionOffset: offset,
      ...(padId !== undefined && { padId }),
      ...(family === 'distilbert' && { numSegments: 0 }),
    },
    problemType: (problem ?? undefined) as ProblemType | undefined,
  };
}

/** The field for dropout before a head, with Hugging Face's default (null: the encoder's dropout). */
function headDropoutOf(
  family: Family,
  task: Task,
): readonly [name: string, usual: number | null] | undefined {
  if (family !== 'distilbert') return ['classifier_dropout', null];
  if (task === 'ForSequenceClassification') return ['seq_classif_dropout', 0.2];
  return task === 'ForQuestionAnswering' ? ['qa_dropout', 0.1] : undefined;
}

function headOf(family: Family, task: Task, config: JsonObject): Partial<BertTaskConfig> {
  const [name = '', usual = null] = headDropoutOf(family, task) ?? [];
  const headDropout = config[name] ?? usual;
  return {
    ...(family === 'distilbert' && { headActivation: 'relu' as const, pooler: false }),
    ...(typeof headDropout === 'number' && { headDropout }),
  };
}

function readTask(architectures: unknown, family: Family): Task {
  if (architectures === undefined || architectures === null) return 'Model';
  const [name] = Array.isArray(architectures) ? (architectures as unknown[]) : [architectures];
  const known = tasks.map((task) => `${prefixes[family]}${task}`);
  const task = tasks[known.indexOf(name as string)];
  if (task !== undefined && (family === 'bert' || task !== 'ForPreTraining')) return task;
  throw new FormatError({
    operation,
    fact: 'config.json must have a known architecture',
    value: name,
    advice: adviseName(String(name), known),
    argument: 'architectures',
  });
}

function isLabels(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  const ids = new Set(entries.map(([id]) => Number(id)));
  return (
    entries.length > 0 &&
    entries.every((entry, i) => ids.has(i) && typeof entry[1] === 'string') &&
    ids.size === entries.length
  );
}

function readLabels({ id2label, num_labels: count }: JsonObject): string[] {
  if (typeof id2label === 'object' && id2label !== null) {
    const byId = new Map(Object.entries(id2label).map(([id, label]) => [Number(id), String(label)]));
    return Array.from(byId, (_, id) => byId.get(id)!);
  }
  return Array.from({ length: typeof count === 'number' ? count : 2 }, (_, id) => `LABEL_${id}`);
}

/** Our config as Hugging Face's; `base` holds further fields of the folder that it came from. */
export function writeConfig(
  { family, task, model, labels, problemType }: PretrainedConfig,
  base: JsonObject = {},
): JsonObject {
  const offset = model.positionOffset ?? 0;
  const theirs = Object.entries(names[family]).map(([ours, [name, usual]]) => {
    const value = model[ours as keyof BertConfig] ?? usual;
    return [name, ours === 'maxLen' ? Number(value) + offset : value];
  });
  const [dropout] = headDropoutOf(family, task) ?? [];
  const { problem_type: _, ...rest } = base;
  return {
    ...rest,
    ...(Object.fromEntries(theirs) as JsonObject),
    ...(dropout !== undefined && { [dropout]: model.headDropout ?? null }),
    model_type: family,
    architectures: [`${prefixes[family]}${task}`],
    pad_token_id: model.padId ?? null,
    id2label: Object.fromEntries(labels.map((label, id) => [String(id), label])),
    label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
    ...(problemType !== undefined && { problem_type: problemType }),
  };
}
