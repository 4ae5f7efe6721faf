// Exact match and F1 of answers, as the evaluation scripts of SQuAD compute them.
import { DataError } from '@d2lts/core';

/** Means over questions, from 0 to 100. */
export interface AnswerScores {
  exactMatch: number;
  f1: number;
  /** Number of questions. */
  questions: number;
}

/** How an answer is held against the true ones. */
export interface AnswerOptions {
  /**
   * Questions without an answer: true as SQuAD 2.0 scores them (an empty list of answers is answered rightly by an empty
   * text); false, the default, as SQuAD 1.1 does.
   */
  nullAnswers?: boolean;
}

const punctuation = /[!-/:-@[-`{-~]/gu; // Python's string.punctuation
const articles = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;
/** What Python's `str.split` splits at: white space and the separators U+001C to U+001F. */
const spaces = new RegExp(
  `[\\p{White_Space}${String.fromCharCode(0x1c)}-${String.fromCharCode(0x1f)}]+`,
  'u',
);

/**
 * The words that are compared: lower case, without ASCII punctuation and English articles.
 *
 * Source: `normalize_answer` of SQuAD's evaluation scripts.
 */
export function answerWords(text: string): string[] {
  const plain = text.toLowerCase().replace(punctuation, '').replace(articles, ' ');
  return plain.split(spaces).filter((word) => word !== '');
}

/**
 * One prediction against all true answers of its question; the best counts.
 *
 * Source: P. Rajpurkar et al. (https://arxiv.org/abs/1606.05250), evaluate-v1.1.py; evaluate-v2.0.py with `nullAnswers`.
 *
 * @returns both from 0 to 1
 * @throws DataError when there is no true answer and `nullAnswers` is false
 *
 * @example
 * answerScore('the Normans', ['Normans', 'The Norman people']); // { exactMatch: 1, f1: 1 }
 */
export function answerScore(
  prediction: string,
  answers: readonly string[],
  { nullAnswers = false }: AnswerOptions = {},
): { exactMatch: number; f1: number } {
  let references = answers.map(answerWords);
  if (nullAnswers) {
    references = references.filter((words) => words.length > 0);
    if (references.length === 0) references = [[]];
  } else if (references.length === 0) {
    throw new DataError({
      operation: 'answerScore',
      fact: 'a question must have at least one answer',
      value: answers.length,
      advice: 'set nullAnswers for data with unanswerable questions',
      argument: 'answers',
    });
  }
  const words = answerWords(prediction);
  let exactMatch = 0;
  let f1 = 0;
  for (const reference of references) {
    const same = words.join(' ') === reference.join(' ') ? 1 : 0;
    const empty = words.length === 0 || reference.length === 0;
    exactMatch = Math.max(exactMatch, same);
    f1 = Math.max(f1, nullAnswers && empty ? same : wordF1(words, reference));
  }
  return { exactMatch, f1 };
}

/** F1 of two bags of words; 0 when nothing is shared. */
function wordF1(prediction: readonly string[], reference: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of reference) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of prediction) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    shared++;
  }
  if (shared === 0) return 0;
  const precision = shared / prediction.length;
  const recall = shared / reference.length;
  return (2 * precision * recall) / (precision + recall);
}

/**
 * Mean scores of many questions.
 *
 * @param predictions one text a question; '' for "no answer"
 * @param answers the true answers of each question
 * @throws DataError when the lists differ in length
 */
export function answerScores(
  predictions: readonly string[],
  answers: readonly (readonly string[])[],
  options: AnswerOptions = {},
): AnswerScores {
  if (predictions.length !== answers.length)
    throw new DataError({
      operation: 'answerScores',
      fact: `predictions must be as many as the ${answers.length} questions`,
      value: predictions.length,
      argument: 'predictions',
    });
  let exactMatch = 0;
  let f1 = 0;
  predictions.forEach((prediction, i) => {
    const score = answerScore(prediction, answers[i]!, options);
    exactMatch += score.exactMatch;
    f1 += score.f1;
  });
  const questions = predictions.length;
  const percent = (sum: number) => (questions > 0 ? (100 * sum) / questions : 0);
  return { exactMatch: percent(exactMatch), f1: percent(f1), questions };
}
