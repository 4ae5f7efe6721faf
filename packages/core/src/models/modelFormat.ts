// Models in and out of their folders: every kind is loaded, and written, here.
import * as tf from '@tensorflow/tfjs-core';
import { narrowWeights } from '../backend/index.ts';
import { D2LError, FormatError } from '../errors/index.ts';
import {
  type FloatDtype,
  type JsonObject,
  type ModelFolder,
  type ModelFolderContent,
  loadModelFolder,
  saveModelFolder,
} from '../files/index.ts';
import { type Module, buildBounded } from '../nn/index.ts';
import { Rng } from '../random/index.ts';
import { type ArchitectureConfig, type Architectures, buildArchitecture } from './architectures.ts';
import { type FieldPlace, type FieldsOf, checkFields, field } from './fields.ts';

/** What every model folder's config.json holds. */
export interface ModelConfig {
  format: string;
  version: 1;
  /** Name of the kind of model. */
  architecture: string;
  /** The architecture's own configuration. */
  model: ArchitectureConfig;
}

/** A format of model folders: what its config.json holds, and the models that it can name. */
export interface ModelFormat<M extends Module, C extends ModelConfig> {
  /** For errors: `Translator.load`. */
  operation: string;
  /** For errors: "a translation model". */
  what: string;
  format: C['format'];
  architectures: Architectures<M>;
  /** Fields of config.json beside `ModelConfig`'s, when its `model` is this. */
  fields: (model: ArchitectureConfig) => FieldsOf<Omit<C, keyof ModelConfig>>;
}

/** Checks what a config.json says. @throws FormatError naming the field */
export function checkModelConfig<C extends ModelConfig>(value: unknown, kind: ModelFormat<Module, C>): C {
  const { architecture = '', model } = (value ?? {}) as Partial<ModelConfig>;
  const { architectures, format } = kind;
  const known = Object.hasOwn(architectures, architecture) ? architectures[architecture] : undefined;
  const fields = {
    format: field.oneOf(format),
    version: field.oneOf(1),
    architecture: field.oneOf(...Object.keys(architectures)),
    model: field.object(known?.fields ?? {}),
    ...kind.fields(typeof model === 'object' && model !== null ? model : {}),
  };
  checkFields(value, fields, kind);
  return value as C;
}

/** A model folder whose config holds; its model is not built yet. */
export interface OpenedModel<C extends ModelConfig> {
  folder: ModelFolder;
  config: C;
}

/** Opens a model folder. @throws DataError or FormatError when a file is missing or broken */
export async function openModel<C extends ModelConfig>(
  path: string,
  kind: ModelFormat<Module, C>,
): Promise<OpenedModel<C>> {
  const folder = await loadModelFolder(path);
  return { folder, config: checkModelConfig(folder.config, kind) };
}

/** Parameters that a model may have beyond its file's: a new head. */
const spareElements = 2 ** 20;

/**
 * Builds a model for a folder's weights. One that needs much more than the folder holds (four times as much: tied
 * parameters are made before they are one) is refused before it gets the memory.
 *
 * @throws FormatError for it, and for sizes of which no model can be built
 */
export async function buildFor<M extends Module>(
  folder: ModelFolder,
  { operation, what }: FieldPlace,
  build: () => M,
): Promise<M> {
  const most = 4 * (await folder.countElements()) + spareElements;
  try {
    return buildBounded(most, build);
  } catch (cause) {
    if (!(cause instanceof D2LError)) throw cause;
    throw new FormatError({
      operation,
      fact: `config.json must describe ${what} that fits its weights`,
      value: folder.config,
      advice: cause.message,
      cause,
    });
  }
}

/** While a model is built whose values are all loaded after, drawing them would take longer than the rest. */
class UnusedValues extends Rng {
  built = false;

  override fillUniform(target: Float32Array, low = 0, high = 1): Float32Array {
    return this.built ? super.fillUniform(target, low, high) : target.fill(0);
  }

  override fillNormal(target: Float32Array, mean = 0, std = 1): Float32Array {
    return this.built ? super.fillNormal(target, mean, std) : target.fill(0);
  }
}

/**
 * Builds an opened folder's model and loads its weights. A backend must have been chosen (`useBackend`).
 *
 * @throws FormatError when a file is broken or asks for too much, ConfigError or ShapeError when the weights do not fit
 */
export async function loadModel<M extends Module, C extends ModelConfig>(
  { folder, config: { architecture, model: config } }: OpenedModel<C>,
  kind: ModelFormat<M, C>,
): Promise<M> {
  const { operation, architectures } = kind;
  const rng = new UnusedValues(0);
  const build = () => buildArchitecture(architectures, architecture, config, { rng, operation });
  const model = await buildFor(folder, kind, build);
  rng.built = true;
  try {
    await loadState(model, folder);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}

async function loadState(model: Module, folder: ModelFolder): Promise<void> {
  const state = await folder.readState();
  try {
    model.loadStateDict(state);
  } finally {
    tf.dispose(state);
  }
  const kind = await folder.halfKind();
  if (kind !== undefined) narrowWeights(model, kind); // no value changes
}

/** What goes into a model's folder. */
export interface SavedModel extends Omit<ModelFolderContent, 'config' | 'state'> {
  config: object;
  /** Without it the weights that are there stay. */
  model?: Module;
}

/** Writes a model folder, or parts of one: config and tokenizer beside a checkpoint's weights, scores beside a model. */
export function saveModel(
  path: string,
  { model, config, ...content }: SavedModel,
  options: { dtype?: FloatDtype } = {},
): Promise<void> {
  const state = model && model.ownState();
  return saveModelFolder(
    path,
    { ...content, config: config as JsonObject, ...(state && { state }) },
    options,
  );
}
