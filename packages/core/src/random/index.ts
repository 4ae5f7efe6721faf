// Random numbers: explicit, seeded, exactly restorable.
export { philoxBlock, philoxFill } from './philox.ts';
export { Rng, type RngState } from './rng.ts';
