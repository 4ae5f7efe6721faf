// Where warnings and progress lines go; the CLI sends them to standard error.

/** Receives the messages that sacreBLEU would log. */
export interface Logger {
  /** Something that may make the score misleading. */
  warn(message: string): void;
  /** Progress of a long computation. */
  info(message: string): void;
}

/** Warnings on the console, progress dropped: the default everywhere in the library. */
export const consoleLogger: Logger = {
  warn: (message) => console.warn(`sacreBLEU: ${message}`),
  info: () => {},
};

/** Drops everything. */
export const silentLogger: Logger = { warn: () => {}, info: () => {} };
