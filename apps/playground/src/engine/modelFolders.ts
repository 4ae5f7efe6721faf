// Finds model folders and reads what the picker shows of them; weights are not touched.
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, delimiter, join, resolve } from 'node:path';
import { SafetensorsFile } from '@d2lts/core';
import type { ModelCard, ModelMetric } from '../api/types.ts';
import { contracts } from '../modes/contracts.ts';

/** A model that could be loaded. */
export interface FoundModel {
  path: string;
  card: ModelCard;
}

/** Folders to look in: those of D2LTS_MODELS, else the repository's `models`. */
export function modelRoots(
  playground: string,
  env: Record<string, string | undefined> = process.env,
): string[] {
  const wanted = (env['D2LTS_MODELS'] ?? '').split(delimiter).filter(Boolean);
  return wanted.length > 0 ? wanted.map((path) => resolve(path)) : [resolve(playground, '../../models')];
}

const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

async function isModelFolder(path: string): Promise<boolean> {
  const needed = ['config.json', 'model.safetensors', 'tokenizer.json'];
  return (await Promise.all(needed.map((name) => isFile(join(path, name))))).every(Boolean);
}

/** The models in `roots`: a root itself or its folders, the largest BLEU first; broken ones are left out. */
export async function findModels(roots: readonly string[]): Promise<FoundModel[]> {
  const found = new Map<string, FoundModel>();
  for (const root of roots) {
    const names = await readdir(root).catch(() => []);
    for (const path of [root, ...names.sort().map((name) => join(root, name))]) {
      if (!(await isModelFolder(path))) continue;
      const card = await readCard(path).catch(() => undefined);
      if (card && !found.has(card.id)) found.set(card.id, { path, card });
    }
  }
  const bleu = ({ card }: FoundModel) => card.metrics.find(({ name }) => /bleu/i.test(name))?.value ?? -1;
  return [...found.values()].sort((a, b) => bleu(b) - bleu(a));
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown, otherwise: string) =>
  typeof value === 'string' && value !== '' ? value : otherwise;
const readJson = async (path: string): Promise<Json> => {
  const value: unknown = JSON.parse(await readFile(path, 'utf8'));
  return isObject(value) ? value : {};
};

/** What is shown of a model folder; undefined where its models are for no mode. */
export async function readCard(path: string): Promise<ModelCard | undefined> {
  const config = await readJson(join(path, 'config.json'));
  const [own] = contracts.flatMap(({ id: task, readConfig }) => {
    const read = readConfig(config);
    return read ? [{ task, ...read }] : [];
  });
  if (!own) return undefined;
  const metrics = await readJson(join(path, 'metrics.json')).catch((): Json => ({}));
  const languages = isObject(config['languages']) ? config['languages'] : {};
  const weights = join(path, 'model.safetensors');
  const id = basename(path);
  return {
    id,
    task: own.task,
    name: textOf(config['name'] ?? metrics['name'], id),
    architecture: textOf(config['architecture'], '?'),
    source: textOf(languages['source'], '?'),
    target: textOf(languages['target'], '?'),
    parameters: await countParameters(weights),
    bytes: (await stat(weights)).size,
    data: textOf(isObject(metrics['data']) ? metrics['data']['set'] : metrics['data'], ''),
    metrics: [...readMetrics(metrics), ...readPerplexity(metrics)],
    decoding: own.decoding,
    shows: own.shows,
  };
}

/** A language model's perplexity on the text that was held out, as `d2l train` writes it. */
function readPerplexity(metrics: Json): ModelMetric[] {
  const scores = isObject(metrics['scores']) ? metrics['scores'] : {};
  const { perplexity } = isObject(scores['heldOut']) ? scores['heldOut'] : {};
  return typeof perplexity === 'number' ? [{ name: 'Perplexity', value: perplexity }] : [];
}

const metricNames: Record<string, string> = {
  bleu: 'BLEU',
  bleuAllReferences: 'BLEU (all references)',
  bleuLowercase: 'BLEU (lower-cased)',
  chrf: 'chrF',
  ter: 'TER',
};

/** Scores of a metrics.json: any object with a number `score` or `value`, and lists of those. */
export function readMetrics(metrics: Json): ModelMetric[] {
  const found: ModelMetric[] = [];
  const visit = (name: string, value: unknown, depth: number) => {
    if (Array.isArray(value)) for (const entry of value) visit(name, entry, depth + 1);
    if (!isObject(value) || depth > 3) return;
    const number = value['score'] ?? value['value'];
    if (typeof number !== 'number') {
      for (const [key, inner] of Object.entries(value)) visit(key, inner, depth + 1);
      return;
    }
    const metric: ModelMetric = {
      name: metricNames[name] ?? textOf(value['name'] ?? value['metric'], name),
      value: number,
    };
    if (typeof value['signature'] === 'string') metric.signature = value['signature'];
    if (typeof value['data'] === 'string') metric.data = value['data'];
    found.push(metric);
  };
  visit('', metrics, 0);
  return found;
}

/** Sum of the sizes in a safetensors header; 0 when it cannot be read. */
async function countParameters(path: string): Promise<number> {
  try {
    const file = await SafetensorsFile.open(path);
    await file.close();
    const sizes = file.names.map((name) => file.info(name).shape.reduce((a, b) => a * b, 1));
    return sizes.reduce((a, b) => a + b, 0);
  } catch {
    return 0;
  }
}
