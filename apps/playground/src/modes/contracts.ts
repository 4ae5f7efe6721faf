// The chat modes for every bundle; the first one is shown first, and its models are the server's default.
import type { Contract } from './contract.ts';
import { generateContract } from './generate/contract.ts';
import { translateContract } from './translate/contract.ts';

export const contracts: readonly Contract[] = [translateContract, generateContract];
