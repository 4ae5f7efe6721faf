// Named entities in tagged sentences, as conlleval and seqeval read them.
import { DataError } from '@d2lts/core';

/** A named span: words `start` up to, but without, `end`. */
export interface Entity {
  type: string;
  start: number;
  end: number;
}

/** The part of a tag before its type: outside, begin, inside, end, single. */
type Prefix = 'O' | 'B' | 'I' | 'E' | 'S';

/**
 * The entities of one sentence. Reads IOB1, IOB2 and BIOES alike, and forgives as conlleval does: an I or E after
 * nothing or after another type begins an entity. A tag without a type has the type `_`.
 *
 * Source: E. Tjong Kim Sang, conlleval (CoNLL-2000); seqeval's `get_entities`.
 *
 * @param tags one a word: `O`, or `B`, `I`, `E` or `S`, a hyphen and a type
 * @throws DataError for another tag
 *
 * @example
 * entitiesOf(['B-PER', 'I-PER', 'O', 'B-LOC']); // [{ type: 'PER', start: 0, end: 2 }, { type: 'LOC', start: 3, end: 4 }]
 */
export function entitiesOf(tags: readonly string[]): Entity[] {
  const entities: Entity[] = [];
  let before: [Prefix, string] = ['O', '_'];
  let start = 0;
  for (let i = 0; i <= tags.length; i++) {
    const tag = i < tags.length ? parseTag(tags[i]!, i) : (['O', '_'] as [Prefix, string]);
    if (ends(before, tag)) entities.push({ type: before[1], start, end: i });
    if (starts(before, tag)) start = i;
    before = tag;
  }
  return entities;
}

function parseTag(tag: string, at: number): [Prefix, string] {
  if (tag === 'O') return ['O', '_'];
  const match = /^([BIES])(?:-(.*))?$/su.exec(tag);
  if (match === null)
    throw new DataError({
      operation: 'entitiesOf',
      fact: `tag ${at} must be O, or B, I, E or S with a type such as B-PER`,
      value: tag,
      advice: 'convert the tags to IOB2 or BIOES',
      argument: 'tags',
    });
  return [match[1] as Prefix, match[2] || '_'];
}

function ends([before, type]: [Prefix, string], [tag, next]: [Prefix, string]): boolean {
  if (before === 'O') return false;
  return before === 'E' || before === 'S' || tag === 'O' || tag === 'B' || tag === 'S' || type !== next;
}

function starts([before, type]: [Prefix, string], [tag, next]: [Prefix, string]): boolean {
  if (tag === 'O') return false;
  if (tag === 'B' || tag === 'S') return true;
  return before === 'O' || before === 'E' || before === 'S' || type !== next;
}
