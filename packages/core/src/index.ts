// The public face of @d2lts/core: one line a folder.
export * from './errors/index.ts';
export * from './random/index.ts';
export * from './backend/index.ts';
export * from './autograd/index.ts';
export * from './ops/index.ts';
export * from './init/index.ts';
export * from './nn/index.ts';
export * from './files/index.ts';
export * from './models/index.ts';
export * from './losses/index.ts';
export * from './optim/index.ts';
export * from './data/index.ts';
export * from './training/index.ts';
export * from './metrics/index.ts';
export * from './plot/index.ts';
