// Plots hold what was drawn, are well-formed SVG, and become PNG.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/temporaryFolder.ts';
import { plotCurves, plotHeatmap, plotHeatmaps, savePlot } from './index.ts';

const parse = (svg: string) => parseHTML(`<html><body>${svg}</body></html>`).document.querySelector('svg')!;

describe('plotCurves', () => {
  it('draws a line and a legend entry a curve', async () => {
    const svg = await plotCurves(
      [
        { name: 'train', x: [1, 2, 3], y: [3, 2, 1] },
        { name: 'valid', x: [1, 3], y: new Float32Array([4, 2]) },
        { name: 'one point', x: [2], y: [2] },
      ],
      { xLabel: 'step', title: 'Loss' },
    );
    const root = parse(svg);
    expect(root.getAttribute('xmlns')).toBe('http://www.w3.org/2000/svg');
    expect(root.getAttribute('aria-label')).toBe('Loss');
    expect(root.querySelectorAll('[aria-label="line"] path')).toHaveLength(2);
    expect(root.querySelectorAll('[aria-label="dot"] circle')).toHaveLength(1);
    for (const text of ['train', 'valid', 'one point']) expect(root.textContent).toContain(text);
    await expect(async () => plotCurves([{ name: 'x', x: [1], y: [] }])).rejects.toThrow(
      /as many x as y, got \[1, 0\]/,
    );
  });

  it('draws points that no line joins', async () => {
    const svg = await plotCurves([
      { name: 'measured', x: [1, 2, 3], y: [3, 2, 1], as: 'points' },
      { name: 'fit', x: [1, 3], y: [3, 1] },
    ]);
    const root = parse(svg);
    expect(root.querySelectorAll('[aria-label="dot"] circle')).toHaveLength(3);
    expect(root.querySelectorAll('[aria-label="line"] path')).toHaveLength(1);
  });

  it('leaves gaps where values are not finite', async () => {
    const svg = await plotCurves([{ name: 'a', x: [1, 2, 3, 4, 5], y: [1, 2, Number.NaN, 2, 1] }]);
    const path = parse(svg).querySelector('[aria-label="line"] path')!.getAttribute('d')!;
    expect(path.split('M')).toHaveLength(3);
    expect(path).not.toContain('NaN');
  });
});

describe('plotHeatmap', () => {
  it('draws every cell with its labels', async () => {
    const svg = await plotHeatmap(
      [
        [0, 0.5],
        [1, 0.25],
        [0, 0],
      ],
      { rowLabels: ['je', 'suis', '<eos>'], columnLabels: ['i', 'am'] },
    );
    const root = parse(svg);
    expect(root.querySelectorAll('[aria-label="cell"] rect')).toHaveLength(6);
    for (const text of ['suis', '<eos>', 'am', '0.25']) expect(root.textContent).toContain(text);
    await expect(async () => plotHeatmap([[1], [1, 2]])).rejects.toThrow(/values must fit a matrix/);
    await expect(async () => plotHeatmap([[1]], { rowLabels: [] })).rejects.toThrow(/rowLabels must fit/);
  });
});

describe('plotHeatmaps', () => {
  const maps = (rows: number, columns: number, value = 0) =>
    Array.from({ length: rows }, () => Array.from({ length: columns }, (_, j) => [value, j]));

  it('draws every cell of every map, a title each, and one set of axes', async () => {
    const svg = await plotHeatmaps(maps(2, 3).map((row) => row.map((matrix) => [matrix, matrix])));
    const root = parse(svg);
    expect(root.querySelectorAll('[aria-label="cell"] rect')).toHaveLength(2 * 3 * 4);
    const texts = [...root.querySelectorAll('text')].map(({ textContent }) => textContent);
    expect(texts.filter((text) => text.startsWith('[')).sort()).toEqual([
      '[0, 0]',
      '[0, 1]',
      '[0, 2]',
      '[1, 0]',
      '[1, 1]',
      '[1, 2]',
    ]);
    expect(root.textContent).toContain('dark 0, light 2');
    // The colours are those of all maps together: a map of zeros is dark all over, beside one that is not.
    const fills = new Set(
      [...root.querySelectorAll('[aria-label="cell"] rect')].map((r) => r.getAttribute('fill')),
    );
    expect(fills.size).toBe(3);
  });

  it('takes titles and labels, and names what does not fit', async () => {
    const grid = [[[[1, 2]], [[3, 4]]]];
    const root = parse(
      await plotHeatmaps(grid, { titles: ['head 1', 'head 2'], columnLabels: ['je', 'suis'] }),
    );
    for (const text of ['head 1', 'head 2', 'suis']) expect(root.textContent).toContain(text);
    const fails = (wrong: number[][][][], options = {}) =>
      expect(async () => plotHeatmaps(wrong, options)).rejects;
    await fails(grid, { titles: ['one'] }).toThrow(/titles must be one a heatmap, 2 in all, got 1/);
    await fails([...grid, [[[1, 2]]]]).toThrow(
      /every row of the grid must have 2 matrices of \[1, 2\], got 1/,
    );
    await fails([[[[1, 2]], [[1, 2, 3]]]]).toThrow(/2 matrices of \[1, 2\], got \[1, 3\]/);
    await fails([]).toThrow(/plotHeatmaps: values must fit a matrix/);
  });
});

describe('savePlot', () => {
  it('writes SVG and PNG', async () => {
    const folder = await temporaryFolder();
    const svg = await plotHeatmap([[1, 2]]);
    await savePlot(join(folder, 'a.svg'), svg);
    expect(await readFile(join(folder, 'a.svg'), 'utf8')).toBe(svg);
    await savePlot(join(folder, 'a.png'), svg);
    expect((await readFile(join(folder, 'a.png'))).subarray(1, 4).toString()).toBe('PNG');
    await expect(savePlot(join(folder, 'a.gif'), svg)).rejects.toThrow(/must end in .svg or .png/);
  });
});
