// The types that backend loaders share.
import type { BackendName, Environment } from './names.ts';

/** A backend that is registered with TensorFlow.js under its name and ready to use. */
export interface LoadedBackend {
  name: BackendName;
  version: string;
  threads: number;
  /** What a reader would want to know about it, for instance which package and instruction set. */
  detail: string;
}

export interface LoadOptions {
  threads: number | undefined;
  environment: Environment;
  /** Refuse what `auto` does not want: TensorFlow without a GPU. */
  automatic: boolean;
}
