// Kinds of models by name: the fields of their configs, and how they are built.
import { ConfigError, adviseName } from '../errors/index.ts';
import type { Module } from '../nn/index.ts';
import type { Rng } from '../random/index.ts';
import type { Fields, FieldsOf } from './fields.ts';

/** An architecture's own configuration; plain JSON. */
export type ArchitectureConfig = Readonly<Record<string, unknown>>;

/** A kind of model that model folders may name. */
export interface Architecture<M extends Module> {
  readonly fields: Fields;
  /** Builds an untrained model of a configuration whose fields hold. */
  readonly build: (config: ArchitectureConfig, options: { rng: Rng }) => M;
}

/** Kinds of models by name. */
export type Architectures<M extends Module> = Readonly<Record<string, Architecture<M>>>;

/** A kind of model from the type of its config: each of its properties needs a field. */
export function architecture<Config extends object, M extends Module>(
  fields: FieldsOf<Config>,
  build: (config: Config, options: { rng: Rng }) => M,
): Architecture<M> {
  return { fields, build: (config, options) => build(config as Config, options) };
}

/** Builds an untrained model. @throws ConfigError for an unknown architecture */
export function buildArchitecture<M extends Module>(
  architectures: Architectures<M>,
  name: string,
  config: ArchitectureConfig,
  { rng, operation }: { rng: Rng; operation: string },
): M {
  const kind = Object.hasOwn(architectures, name) ? architectures[name] : undefined;
  if (kind !== undefined) return kind.build(config, { rng });
  throw new ConfigError({
    operation,
    fact: 'architecture must be a known one',
    value: name,
    advice: adviseName(name, Object.keys(architectures)),
    argument: 'architecture',
  });
}
