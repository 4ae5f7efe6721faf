// Series of numbers predicted from their past.
export {
  lagFeatures,
  lagNetwork,
  noisySine,
  predictOneStep,
  predictOnwards,
  predictSteps,
  type StepModel,
} from './autoregression.ts';
