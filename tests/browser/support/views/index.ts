// Every view of the playground, by the scenes that lead there.
import { answers } from './answers.ts';
import { broken } from './broken.ts';
import { chinese } from './chinese.ts';
import { conversations } from './conversations.ts';
import { generate } from './generate.ts';
import { over } from './over.ts';
import { starting } from './starting.ts';
import { train } from './train.ts';
import { why } from './why.ts';
import type { Scene } from './view.ts';

/** All of them. */
export const scenes: readonly Scene[] = [
  starting,
  answers,
  why,
  over,
  conversations,
  broken,
  generate,
  train,
  chinese,
];
