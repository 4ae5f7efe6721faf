// Recipes: those that ship are valid and explain every key; wrong keys and values are named.
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { cosineCycles } from '../train/optimization.ts';
import { parseRecipe } from './readRecipe.ts';
import { recipeKinds } from './schema.ts';

const folder = new URL('../../../../recipes/', import.meta.url);
const recipes = readdirSync(folder, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.yaml'));
const tiny = readFileSync(new URL('tiny-emoji.yaml', folder), 'utf8');

describe('recipes', () => {
  it.each(recipes)('%s is valid', (name) => {
    const { recipe, text } = parseRecipe(readFileSync(new URL(name, folder), 'utf8'));
    expect(Object.keys(recipeKinds)).toContain(recipe.task);
    expect(parseRecipe(text).recipe).toEqual(recipe);
  });

  it('are changed key by key and keep their comments', () => {
    const { recipe, text } = parseRecipe(tiny, ['training.lr=0.5']);
    expect(recipe).toMatchObject({ training: { lr: 0.5 } });
    expect(text).toContain('lr: 0.5');
    expect(text).toContain('# names such as "grinning face"');
    expect(parseRecipe(tiny, ['training.betas=[0.8, 0.9]']).recipe).toMatchObject({
      training: { betas: [0.8, 0.9] },
    });
  });

  it('set the dropout of a language model place by place, as that of a translator', () => {
    const model = { dropout: 0.3, attentionDropout: 0.1, hiddenDropout: 0 };
    const changes = Object.entries(model).map(([key, value]) => `model.${key}=${value}`);
    for (const name of ['shakespeare-transformer.yaml', 'en-fr-transformer.yaml']) {
      const text = readFileSync(new URL(name, folder), 'utf8');
      expect(parseRecipe(text, changes).recipe).toMatchObject({ model });
    }
  });

  it('name what is wrong and the nearest valid key', () => {
    const wrong: [changes: string[], sentence: string][] = [
      [['lr=1'], '--set: there is no key "lr"'],
      [['training.clipnorm=1'], 'did you mean "clipNorm"?'],
      [['training.lr.x=1'], 'training.lr has no keys'],
      [['training.lr'], 'a change must be key=value, got "training.lr"'],
      [['training.lr=-1'], 'training.lr:'],
      [['model.architecture=rnn'], 'model.architecture:'],
    ];
    for (const [changes, sentence] of wrong) expect(() => parseRecipe(tiny, changes)).toThrow(sentence);
    expect(() => parseRecipe(tiny.replace('maxTokens', 'maxTokenz'))).toThrow(
      'recipe: there is no key "training.maxTokenz"; did you mean "maxTokens"?',
    );
    expect(() => parseRecipe('task: [')).toThrow(/^recipe: /);
    expect(() => parseRecipe('')).toThrow(/^recipe: the recipe: /);
    expect(() => parseRecipe('task: translate')).toThrow('got "translate"; did you mean "translation"?');
  });
});

describe('keys', () => {
  const texts = recipes.map((name) => readFileSync(new URL(name, folder), 'utf8'));
  const of = (task: string) => texts.filter((text) => text.includes(`\ntask: ${task}\n`));

  it.each(Object.entries(recipeKinds))('of a %s recipe are all explained in one of them', (task, kind) => {
    const explained = new Set(
      of(task)
        .flatMap((text) => keyLines(text))
        .filter(({ why }) => why)
        .map(({ key }) => key),
    );
    expect([...schemaKeys(kind)].filter((key) => !explained.has(key))).toEqual([]);
  });

  it.each(Object.entries(recipeKinds))('of a %s recipe that are commented out exist', (task, kind) => {
    const known = new Set(schemaKeys(kind));
    const off = of(task)
      .flatMap((text) => keyLines(text))
      .filter(({ commented }) => commented);
    expect(off.map(({ key }) => key).filter((key) => !known.has(key))).toEqual([]);
  });
});

/** Keys of a recipe's sections at any depth, as `section.key`, whatever the architecture or kind. */
function* schemaKeys(schema: z.core.$ZodType, section?: string): Generator<string> {
  const { innerType, options = [], shape = {} } = schema._zod.def as ZodDef;
  if (innerType !== undefined) yield* schemaKeys(innerType, section);
  for (const option of options) yield* schemaKeys(option, section);
  for (const [key, value] of Object.entries(shape)) {
    if (section !== undefined) yield `${section}.${key}`;
    yield* schemaKeys(value, section ?? key);
  }
}

interface ZodDef {
  innerType?: z.core.$ZodType;
  options?: z.core.$ZodType[];
  shape?: Record<string, z.core.$ZodType>;
}

/** Every indented line `key: value # why`, in force or commented out, with the section that it is in. */
function keyLines(text: string) {
  let section = '';
  return text.split('\n').flatMap((line) => {
    section = /^(\w+):/.exec(line)?.[1] ?? section;
    const found = /^ +(?<off># +)?(?<name>\w+):(?<rest>.*)/.exec(line)?.groups;
    if (found === undefined) return [];
    const { off, name, rest } = found;
    return [{ key: `${section}.${name}`, commented: off !== undefined, why: rest!.includes(' # ') }];
  });
}

describe('cosineCycles', () => {
  it('falls, starts again lower, and ends at its floor', () => {
    const rate = cosineCycles({ kind: 'cosine', warmup: 2, total: 10, final: 0, cycles: 2, cycleDecay: 0.5 });
    expect(rate(0)).toBe(0);
    expect(rate(2)).toBe(1);
    expect(rate(9)).toBeLessThan(0.1);
    expect(rate(10)).toBe(0.5);
    expect(rate(15)).toBeCloseTo(0.25);
    expect(rate(20)).toBe(0);
    expect(rate(99)).toBe(0);
  });
});
