// Data: loaders, the registry of data sets, and the sets themselves.
export * from './loader/index.ts';
