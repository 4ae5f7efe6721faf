// Plots: curves and heatmaps as SVG or PNG.
export { plotCurves, type CurvesOptions, type PlotLine } from './curves.ts';
export { plotHeatmap, type HeatmapOptions } from './heatmap.ts';
export { plotHeatmaps, type HeatmapsOptions } from './heatmaps.ts';
export { renderPng, savePlot } from './savePlot.ts';
