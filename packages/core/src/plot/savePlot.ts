// Writes a plot to a file: SVG as it is, PNG through the optional package sharp.
import { ConfigError } from '../errors/index.ts';
import { atomicWrite } from '../files/index.ts';

/**
 * Writes SVG text to `path`; a name that ends in `.png` is rendered at twice the size.
 *
 * @throws ConfigError for PNG when sharp is not installed, and for other endings
 */
export async function savePlot(path: string, svg: string): Promise<void> {
  if (path.endsWith('.svg')) return atomicWrite(path, svg);
  if (path.endsWith('.png')) return atomicWrite(path, await renderPng(svg));
  throw new ConfigError({
    operation: 'savePlot',
    fact: 'path must end in .svg or .png',
    value: path,
    argument: 'path',
  });
}

/** Renders SVG text as a PNG picture on white. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  let sharp;
  try {
    sharp = (await import('sharp')).default;
  } catch (cause) {
    throw new ConfigError({
      operation: 'savePlot',
      fact: 'PNG needs the package sharp',
      advice: 'run `npm install sharp`, or save as .svg',
      cause,
    });
  }
  return sharp(Buffer.from(svg), { density: 144 }).flatten({ background: 'white' }).png().toBuffer();
}
