// Public API of @d2lts/bert.
export * from './data/index.ts';
