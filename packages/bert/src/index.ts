// Public API of @d2lts/bert.
export * from './data/index.ts';
export * from './metrics/index.ts';
export * from './model/index.ts';
export * from './pretrained/index.ts';
export * from './textModels/index.ts';
export * from './wordVectors/index.ts';
