// The names of BERT, DistilBERT and RoBERTa in Hugging Face's files, each under each of its heads.
import { type StateMap, type StateRule, rename } from '@d2lts/core';

/** Model types of Hugging Face that are a BERT. */
export const families = ['bert', 'distilbert', 'roberta'] as const;
export type Family = (typeof families)[number];

/** What stands behind the family's name in the names of Hugging Face's classes. */
export const tasks = [
  'Model',
  'ForPreTraining',
  'ForMaskedLM',
  'ForSequenceClassification',
  'ForTokenClassification',
  'ForQuestionAnswering',
] as const;
export type Task = (typeof tasks)[number];

const packed = (theirs: string, parts: readonly string[]): StateRule => ({
  theirs: parts.map((part) => `${theirs}.${part}.{p}`),
  ours: ['encoder.layers.{i}.self_attn.in_proj_{p}'],
});

/** Embeddings and blocks of BERT and RoBERTa. */
function bertEncoder(prefix: string): StateRule[] {
  const layer = `${prefix}encoder.layer.{i}`;
  return [
    ...embeddings(prefix),
    rename(`${prefix}embeddings.token_type_embeddings.weight`, 'encoder.segment_embedding.weight'),
    { theirs: [`${prefix}embeddings.position_ids`], ours: [] },
    { theirs: [`${prefix}embeddings.token_type_ids`], ours: [] },
    packed(`${layer}.attention.self`, ['query', 'key', 'value']),
    rename(`${layer}.attention.output.dense.{p}`, 'encoder.layers.{i}.self_attn.out_proj.{p}'),
    rename(`${layer}.attention.output.LayerNorm.{p}`, 'encoder.layers.{i}.norm1.{p}'),
    rename(`${layer}.intermediate.dense.{p}`, 'encoder.layers.{i}.linear1.{p}'),
    rename(`${layer}.output.dense.{p}`, 'encoder.layers.{i}.linear2.{p}'),
    rename(`${layer}.output.LayerNorm.{p}`, 'encoder.layers.{i}.norm2.{p}'),
  ];
}

function distilBertEncoder(prefix: string): StateRule[] {
  const layer = `${prefix}transformer.layer.{i}`;
  return [
    ...embeddings(prefix),
    packed(`${layer}.attention`, ['q_lin', 'k_lin', 'v_lin']),
    rename(`${layer}.attention.out_lin.{p}`, 'encoder.layers.{i}.self_attn.out_proj.{p}'),
    rename(`${layer}.sa_layer_norm.{p}`, 'encoder.layers.{i}.norm1.{p}'),
    rename(`${layer}.ffn.lin{n}.{p}`, 'encoder.layers.{i}.linear{n}.{p}'),
    rename(`${layer}.output_layer_norm.{p}`, 'encoder.layers.{i}.norm2.{p}'),
  ];
}

function embeddings(prefix: string): StateRule[] {
  return [
    rename(`${prefix}embeddings.word_embeddings.weight`, 'encoder.token_embedding.weight'),
    rename(`${prefix}embeddings.position_embeddings.weight`, 'encoder.position_embedding.weight'),
    rename(`${prefix}embeddings.LayerNorm.{p}`, 'encoder.norm.{p}'),
  ];
}

/** A mask head: its dense layer, its normalisation, and its output, whose bias is tied where its matrix is. */
function maskHead(dense: string, norm: string, output: string, bias: string, tied: boolean): StateRule[] {
  const own = `${output}.bias`;
  return [
    rename(`${dense}.{p}`, 'mlm.dense.{p}'),
    rename(`${norm}.{p}`, 'mlm.norm.{p}'),
    tied || own === bias
      ? rename(bias, 'mlm.decoder.bias', { also: own === bias ? [] : [own] })
      : rename(own, 'mlm.decoder.bias', { also: [bias], writeAlso: true }),
    rename(`${output}.weight`, 'mlm.decoder.weight'),
  ];
}

function pooler(prefix: string, ours: string): StateRule {
  return rename(`${prefix}pooler.dense.{p}`, `${ours}.{p}`);
}

const outputs = (theirs: string) => rename(`${theirs}.{p}`, 'head.output.{p}');

type Heads = Record<Exclude<Task, 'ForPreTraining'>, (prefix: string, tied: boolean) => StateRule[]>;

const heads: Record<Family, Heads> = {
  bert: {
    Model: (prefix) => [pooler(prefix, 'pooler')],
    ForMaskedLM: (_, tied) => {
      const at = 'cls.predictions';
      return maskHead(
        `${at}.transform.dense`,
        `${at}.transform.LayerNorm`,
        `${at}.decoder`,
        `${at}.bias`,
        tied,
      );
    },
    ForSequenceClassification: (prefix) => [pooler(prefix, 'head.dense'), outputs('classifier')],
    ForTokenClassification: () => [outputs('classifier')],
    ForQuestionAnswering: () => [outputs('qa_outputs')],
  },
  distilbert: {
    Model: () => [],
    ForMaskedLM: (_, tied) =>
      maskHead('vocab_transform', 'vocab_layer_norm', 'vocab_projector', 'vocab_projector.bias', tied),
    ForSequenceClassification: () => [rename('pre_classifier.{p}', 'head.dense.{p}'), outputs('classifier')],
    ForTokenClassification: () => [outputs('classifier')],
    ForQuestionAnswering: () => [outputs('qa_outputs')],
  },
  roberta: {
    Model: (prefix) => [pooler(prefix, 'pooler')],
    ForMaskedLM: (_, tied) =>
      maskHead('lm_head.dense', 'lm_head.layer_norm', 'lm_head.decoder', 'lm_head.bias', tied),
    ForSequenceClassification: () => [
      rename('classifier.dense.{p}', 'head.dense.{p}'),
      outputs('classifier.out_proj'),
    ],
    ForTokenClassification: () => [outputs('classifier')],
    ForQuestionAnswering: () => [outputs('qa_outputs')],
  },
};

/** Their class 0 means "follows", ours 1. */
const nextSentence = rename('cls.seq_relationship.{p}', 'nsp.output.{p}', { change: 'reverse' });

/** The rules of one class; a bare model's names have no prefix. */
export function stateMap(
  family: Family,
  task: Task,
  { bare = task === 'Model', tied = true } = {},
): StateMap {
  const prefix = bare ? '' : `${family}.`;
  const encoder = family === 'distilbert' ? distilBertEncoder(prefix) : bertEncoder(prefix);
  const of = heads[family];
  const head =
    task === 'ForPreTraining'
      ? [...of.Model(prefix, tied), ...of.ForMaskedLM(prefix, tied), nextSentence]
      : of[task](prefix, tied);
  return {
    of: `Hugging Face's ${family} (${task})`,
    older: [
      [/\.gamma$/, '.weight'],
      [/\.beta$/, '.bias'],
    ],
    rules: [...encoder, ...head, ...unused(family, prefix)],
  };
}

/** Parts of a family's other classes: many files have them, and a class that does not need them leaves them out. */
function unused(family: Family, prefix: string): StateRule[] {
  const all = [...Object.values(heads[family]).flatMap((rules) => rules(prefix, true)), nextSentence];
  const theirs = [...all.flatMap((rule) => rule.theirs), ...all.flatMap((rule) => rule.also ?? [])];
  return theirs.map((name) => ({ theirs: [name], ours: [] }));
}
