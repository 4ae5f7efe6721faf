// All gradient rules of TensorFlow.js kernels, and their installation.
import { installRules } from '../install.ts';
import { binaryRules } from './binary.ts';
import { elementwiseRules } from './elementwise.ts';
import { gatherRules } from './gather.ts';
import { imageRules } from './image.ts';
import { productRules } from './product.ts';
import { reductionRules } from './reduction.ts';
import { shapeRules } from './shape.ts';

let done = false;

/**
 * Makes every TensorFlow.js operation that our packages use differentiable, on every backend and in plain Node,
 * where tfjs-core alone registers no gradients. Importing this package does it; calling it again does nothing.
 */
export function registerGradients(): void {
  if (done) return;
  done = true;
  elementwiseRules();
  binaryRules();
  reductionRules();
  shapeRules();
  productRules();
  gatherRules();
  imageRules();
  installRules();
}

registerGradients();
