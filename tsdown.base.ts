// How every package is built. `library` takes what differs.
import { type UserConfig, defineConfig } from 'tsdown';

/**
 * Node reads a CommonJS module twice to import it: once for its names, once to run it. For tfjs-core's megabyte that
 * costs 20 MB of memory and some milliseconds at every start, so built packages require it.
 */
function requireTfjsCore() {
  const core = '@tensorflow/tfjs-core';
  const statement = new RegExp(`^import (?:\\* as (\\w+)|(\\{[^}]*\\})) from "${core}";$`, 'gm');
  return {
    name: 'require-tfjs-core',
    renderChunk(code: string, { fileName }: { fileName: string }): { code: string; map: null } | null {
      if (!fileName.endsWith('.js')) return null; // types stay imports
      const changed = code.replace(statement, (_, whole: string | undefined, names: string | undefined) => {
        const binding = whole ?? names!.replaceAll(/(\w+) as (\w+)/g, '$1: $2');
        return `const ${binding} = requireFrom(import.meta.url)("${core}");`;
      });
      if (changed === code) return null;
      return { code: `import { createRequire as requireFrom } from "node:module";\n${changed}`, map: null };
    },
  };
}

/** A package for Node as ES modules with types. */
export function library(options: UserConfig = {}): UserConfig {
  return defineConfig({
    entry: ['src/index.ts'],
    format: 'esm',
    dts: true,
    platform: 'node',
    fixedExtension: false,
    plugins: [requireTfjsCore()],
    ...options,
  }) as UserConfig;
}
