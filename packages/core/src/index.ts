// The public face of @d2lts/core: one line a folder.
export * from './errors/index.ts';
export * from './random/index.ts';
export * from './backend/index.ts';
