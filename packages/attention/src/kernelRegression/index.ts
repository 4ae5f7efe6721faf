// Kernel regression: the first attention of the book.
export { nadarayaWatsonData, regressionCurve, type RegressionData } from './data.ts';
export { NWKernelRegression, leaveOneOut, repeatForQueries } from './nwKernelRegression.ts';
export { plotAttention, plotRegression } from './plots.ts';
export { averagePooling, nadarayaWatson, type Regression } from './poolings.ts';
