export * from './ngramCounts.ts';
export * from './languageModel.ts';
export * from './laplace.ts';
export * from './kneserNey.ts';
export * from './zipf.ts';
