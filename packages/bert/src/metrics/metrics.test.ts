// Scores of entities and answers, against seqeval's and SQuAD's own (golden/metrics.py).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answerScore, answerScores, entitiesOf, type EntityScore, entityScores } from './index.ts';

type Average = [[number, number, number], number];
interface Golden {
  entities: {
    truth: string[][];
    predicted: string[][];
    spans: [string, number, number][][];
    scores?: { micro: Average; macro: Average; weighted: Average; types: number[][] };
  }[];
  answers: { prediction: string; answers: string[]; v1?: [number, number]; v2: [number, number] }[];
}
const golden = JSON.parse(readFileSync(new URL('golden/metrics.json', import.meta.url), 'utf8')) as Golden;

describe('entities', () => {
  it.each(golden.entities.map((one, i) => [i, one] as const))('as seqeval, case %i', (_, one) => {
    const { truth, predicted, spans } = one;
    expect(predicted.map((tags) => entitiesOf(tags).map((e) => [e.type, e.start, e.end]))).toEqual(spans);
    const { micro, macro, weighted, types } = entityScores(truth, predicted);
    if (one.scores === undefined) {
      expect(types).toEqual({});
      expect(micro).toEqual({ precision: 0, recall: 0, f1: 0, support: 0 });
      return;
    }
    expectScore(micro, one.scores.micro);
    expectScore(macro, one.scores.macro);
    expectScore(weighted, one.scores.weighted);
    const [precision, recall, f1, support] = one.scores.types;
    const ours = Object.values(types);
    expect(ours).toHaveLength(support!.length);
    ours.forEach((score, i) => expectScore(score, [[precision![i]!, recall![i]!, f1![i]!], support![i]!]));
  });

  function expectScore(score: EntityScore, [[precision, recall, f1], support]: Average): void {
    expect(score.precision).toBeCloseTo(precision, 12);
    expect(score.recall).toBeCloseTo(recall, 12);
    expect(score.f1).toBeCloseTo(f1, 12);
    expect(score.support).toBe(support);
  }

  it('names a tag or a sentence that does not fit', () => {
    expect(() => entitiesOf(['O', 'X-PER'])).toThrow(
      'entitiesOf: tag 1 must be O, or B, I, E or S with a type such as B-PER, got "X-PER"; convert the tags to IOB2 or BIOES',
    );
    expect(() => entityScores([['O']], [])).toThrow('predictions must have 1 sentences, got 0');
    expect(() => entityScores([['O', 'O']], [['O']])).toThrow('sentence 0 must have 2 predicted tags, got 1');
  });
});

describe('answers', () => {
  it.each(golden.answers.map((one, i) => [i, one] as const))('as SQuAD, case %i', (_, one) => {
    const { prediction, answers, v1, v2 } = one;
    const pair = ({ exactMatch, f1 }: { exactMatch: number; f1: number }) => [exactMatch, f1];
    const [exact, f1] = pair(answerScore(prediction, answers, { nullAnswers: true }));
    expect(exact).toBe(v2[0]);
    expect(f1).toBeCloseTo(v2[1], 12);
    if (v1 === undefined) return;
    const [oldExact, oldF1] = pair(answerScore(prediction, answers));
    expect(oldExact).toBe(v1[0]);
    expect(oldF1).toBeCloseTo(v1[1], 12);
  });

  it('averages over questions, in percent', () => {
    const scores = answerScores(['Paris', 'the red cat'], [['paris!'], ['a red dog', 'cat']]);
    expect(scores.exactMatch).toBe(50);
    expect(scores.f1).toBeCloseTo((100 * (1 + 2 / 3)) / 2, 12);
    expect(scores.questions).toBe(2);
    expect(answerScores([], [])).toEqual({ exactMatch: 0, f1: 0, questions: 0 });
  });

  it('refuses a question without answers, and lists of different lengths', () => {
    expect(() => answerScore('x', [])).toThrow(
      'a question must have at least one answer, got 0; set nullAnswers',
    );
    expect(() => answerScores(['x'], [])).toThrow('predictions must be as many as the 0 questions, got 1');
  });
});
