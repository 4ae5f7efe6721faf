// The optimizer and schedule that a recipe names.
import {
  type Module,
  type Optimizer,
  type Schedule,
  type Scheduler,
  Adam,
  AdamW,
  SGD,
  ScheduledRate,
  constantSchedule,
  cosineSchedule,
  inverseSquareRootSchedule,
} from '@d2lts/core';
import type { LanguageModelRecipe } from '../recipe/languageModel.ts';
import type { TranslationRecipe } from '../recipe/translation.ts';

type Training = (TranslationRecipe | LanguageModelRecipe)['training'];

/** The optimizer over a model's trainable parameters. */
export function buildOptimizer(model: Module, { optimizer, lr, betas, weightDecay }: Training): Optimizer {
  const params = model.trainableParameters();
  if (optimizer === 'sgd') return new SGD(params, { lr, weightDecay });
  const Kind = optimizer === 'adamw' ? AdamW : Adam;
  return new Kind(params, { lr, betas: [betas[0], betas[1]], weightDecay });
}

/** The schedule, told after every step. */
export function buildScheduler(optimizer: Optimizer, { schedule }: Training): Scheduler {
  if (schedule.kind === 'cosine') return new ScheduledRate(optimizer, cosineCycles(schedule));
  if (schedule.kind === 'inverseSquareRoot') {
    return new ScheduledRate(optimizer, inverseSquareRootSchedule(schedule));
  }
  return new ScheduledRate(optimizer, constantSchedule());
}

type Cosine = Extract<Training['schedule'], { kind: 'cosine' }>;

/** Cosine decay over `total` steps, started again `cycles` times from a lower peak (https://arxiv.org/abs/1608.03983). */
export function cosineCycles({ warmup, total, final, cycles, cycleDecay }: Cosine): Schedule {
  const first = cosineSchedule({ warmup, total, final });
  const later = cosineSchedule({ total, final });
  return (step) => {
    const cycle = Math.min(cycles - 1, Math.floor(step / total));
    const within = step - cycle * total;
    return cycle === 0 ? first(within) : cycleDecay ** cycle * later(within);
  };
}
