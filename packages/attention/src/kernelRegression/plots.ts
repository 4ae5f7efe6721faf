// Pictures of attention: the fitted curve, and weights as a heatmap.
import { type HeatmapOptions, plotCurves, plotHeatmap } from '@d2lts/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { RegressionData } from './data.ts';

/** The true curve and an estimate over the queries, as SVG text (the book's `plot_kernel_reg`). */
export async function plotRegression(
  { xTest, yTruth }: Pick<RegressionData, 'xTest' | 'yTruth'>,
  estimate: tf.Tensor,
  { title = 'kernel regression' }: { title?: string } = {},
): Promise<string> {
  const [x, truth, predicted] = (await Promise.all([xTest.data(), yTruth.data(), estimate.data()])).map(
    (values) => values as Float32Array,
  ) as [Float32Array, Float32Array, Float32Array];
  const lines = [
    { name: 'truth', x, y: truth },
    { name: 'estimate', x, y: predicted },
  ];
  return plotCurves(lines, { title, xLabel: 'x', yLabel: 'y' });
}

/**
 * Weights [queries, keys] as SVG text (the book's `show_heatmaps`); `savePlot` of @d2lts/core writes it as SVG or PNG.
 *
 * @example
 * await savePlot('attention.png', await plotAttention(weights, { rowLabels: target, columnLabels: source }));
 */
export async function plotAttention(weights: tf.Tensor, options: HeatmapOptions = {}): Promise<string> {
  const values = (await weights.data()) as Float32Array;
  const columns = weights.shape.at(-1) ?? 0;
  const rows = Array.from({ length: weights.size / Math.max(1, columns) }, (_, i) =>
    values.subarray(i * columns, (i + 1) * columns),
  );
  return plotHeatmap(rows, { xLabel: 'keys', yLabel: 'queries', title: 'attention weights', ...options });
}
