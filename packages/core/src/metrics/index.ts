// Metrics: sums, accuracy, perplexity, time.
export { Accumulator } from './accumulator.ts';
export { accuracy, countCorrect, perplexity } from './accuracy.ts';
export { Throughput, Timer } from './timer.ts';
