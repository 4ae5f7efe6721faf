// Precision, recall and F1 of whole entities, as seqeval computes them.
import { ShapeError } from '@d2lts/core';
import { entitiesOf } from './entities.ts';

/** Scores from 0 to 1; a share of nothing counts as 0. */
export interface EntityScore {
  /** Share of the predicted entities that are right, type and both ends. */
  precision: number;
  /** Share of the true entities that were found. */
  recall: number;
  f1: number;
  /** Number of true entities. */
  support: number;
}

/** Scores of all entities together, averaged over types, and of each type. */
export interface EntityScores {
  /** Over all entities: what papers report. */
  micro: EntityScore;
  /** The mean of the types' scores. */
  macro: EntityScore;
  /** The types' scores weighted by their support. */
  weighted: EntityScore;
  /** By type, in alphabetical order (by code unit). */
  types: Record<string, EntityScore>;
}

/**
 * Entity-level scores of predicted tags.
 *
 * Source: seqeval's `classification_report` in its default mode (and so conlleval's).
 *
 * @param references the true tags, one list a sentence
 * @param predictions the predicted tags, as many for each sentence
 * @throws ShapeError when a sentence has another number of tags; DataError for a tag that is none
 *
 * @example
 * entityScores([['B-PER', 'I-PER', 'O', 'B-LOC']], [['B-PER', 'I-PER', 'O', 'O']]).micro.f1; // 2/3
 */
export function entityScores(
  references: readonly (readonly string[])[],
  predictions: readonly (readonly string[])[],
): EntityScores {
  checkLengths(references, predictions);
  const counts = new Map<string, Counts>();
  const countsOf = (type: string) => {
    if (!counts.has(type)) counts.set(type, { right: 0, predicted: 0, actual: 0 });
    return counts.get(type)!;
  };
  references.forEach((tags, i) => {
    const actual = new Set<string>();
    for (const { type, start, end } of entitiesOf(tags)) {
      countsOf(type).actual++;
      actual.add(`${start} ${end} ${type}`);
    }
    for (const { type, start, end } of entitiesOf(predictions[i]!)) {
      countsOf(type).predicted++;
      if (actual.has(`${start} ${end} ${type}`)) countsOf(type).right++;
    }
  });

  const names = [...counts.keys()].sort();
  const total: Counts = { right: 0, predicted: 0, actual: 0 };
  for (const { right, predicted, actual } of counts.values()) {
    total.right += right;
    total.predicted += predicted;
    total.actual += actual;
  }
  const scores = names.map((name) => scoreOf(counts.get(name)!));
  return {
    micro: scoreOf(total),
    macro: average(scores, () => 1, total.actual),
    weighted: average(scores, ({ support }) => support, total.actual),
    types: Object.fromEntries(names.map((name, i) => [name, scores[i]!])),
  };
}

interface Counts {
  right: number;
  predicted: number;
  actual: number;
}

function scoreOf({ right, predicted, actual }: Counts): EntityScore {
  const precision = predicted > 0 ? right / predicted : 0;
  const recall = actual > 0 ? right / actual : 0;
  const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
  return { precision, recall, f1, support: actual };
}

function average(
  scores: readonly EntityScore[],
  weight: (score: EntityScore) => number,
  support: number,
): EntityScore {
  const whole = scores.reduce((sum, score) => sum + weight(score), 0);
  const mean = (key: 'precision' | 'recall' | 'f1') =>
    whole > 0 ? scores.reduce((sum, score) => sum + weight(score) * score[key], 0) / whole : 0;
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1'), support };
}

function checkLengths(
  references: readonly (readonly string[])[],
  predictions: readonly (readonly string[])[],
): void {
  const fail = (fact: string, value: number) => {
    throw new ShapeError({ operation: 'entityScores', fact, value, argument: 'predictions' });
  };
  if (references.length !== predictions.length)
    fail(`predictions must have ${references.length} sentences`, predictions.length);
  references.forEach((tags, i) => {
    if (tags.length !== predictions[i]!.length)
      fail(`sentence ${i} must have ${tags.length} predicted tags`, predictions[i]!.length);
  });
}
