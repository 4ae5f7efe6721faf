// Runs Observable Plot without a browser and gives the SVG as text.
import type { PlotOptions } from '@observablehq/plot';

/** The part of Observable Plot's module that is used. */
export type PlotModule = typeof import('@observablehq/plot');

/** Loads Plot on first use: it takes longer than the rest of the package together. */
export function loadPlot(): Promise<PlotModule> {
  return import('@observablehq/plot');
}

/** Draws a plot as a standalone SVG file with a title for screen readers. */
export async function drawSvg(title: string, make: (Plot: PlotModule) => PlotOptions): Promise<string> {
  const [Plot, { parseHTML }] = await Promise.all([loadPlot(), import('linkedom')]);
  const { document } = parseHTML('<html><body></body></html>');
  const options = { ...make(Plot), document, ariaLabel: title };
  const element = Plot.plot({ style: { background: 'white', fontSize: '12px' }, ...options });
  const svg = element.tagName.toLowerCase() === 'svg' ? element : element.querySelector('svg')!;
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  return `${svg.outerHTML}\n`;
}

/** Colours that people with any colour vision can tell apart (Okabe and Ito). */
export const palette = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];
