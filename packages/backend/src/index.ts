// The public face of @d2lts/backend.
export * from './contract.ts';
