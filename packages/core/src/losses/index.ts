// Losses.
export { bceWithLogits, crossEntropy } from './classification.ts';
export type { LossOptions } from './reduce.ts';
export { huberLoss, l1Loss, mseLoss, smoothL1Loss } from './regression.ts';
