// Pictures of attention: the fitted curve, and weights as heatmaps.
import { type HeatmapsOptions, ShapeError, plotCurves, plotHeatmap, plotHeatmaps } from '@d2lts/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { RegressionData } from './data.ts';

/** The true curve, an estimate over the queries and the training points, as SVG text (the book's `plot_kernel_reg`). */
export async function plotRegression(
  { xTrain, yTrain, xTest, yTruth }: RegressionData,
  estimate: tf.Tensor,
  { title = 'kernel regression' }: { title?: string } = {},
): Promise<string> {
  const read = (tensor: tf.Tensor) => tensor.data() as Promise<Float32Array>;
  const lines = [
    { name: 'truth', x: await read(xTest), y: await read(yTruth) },
    { name: 'estimate', x: await read(xTest), y: await read(estimate) },
    { name: 'training points', x: await read(xTrain), y: await read(yTrain), as: 'points' as const },
  ];
  return plotCurves(lines, { title, xLabel: 'x', yLabel: 'y' });
}

/**
 * Weights as SVG text (the book's `show_heatmaps`): [queries, keys] as one heatmap; [columns, queries, keys] and
 * [rows, columns, queries, keys], for instance batch and heads, as a grid of small ones. `savePlot` of @d2lts/core
 * writes it as SVG or PNG.
 *
 * @throws ShapeError for other ranks
 * @example
 * await savePlot('attention.png', await plotAttention(weights, { rowLabels: target, columnLabels: source }));
 */
export async function plotAttention(weights: tf.Tensor, options: HeatmapsOptions = {}): Promise<string> {
  const shown = { xLabel: 'keys', yLabel: 'queries', title: 'attention weights', ...options };
  const values = await weights.array();
  if (weights.rank === 2) return plotHeatmap(values as number[][], shown);
  if (weights.rank === 3) return plotHeatmaps([values as number[][][]], shown);
  if (weights.rank === 4) return plotHeatmaps(values as number[][][][], shown);
  throw new ShapeError({
    operation: 'plotAttention',
    fact: 'weights must be [queries, keys], with up to two axes before them',
    value: weights.shape,
    argument: 'weights',
  });
}
