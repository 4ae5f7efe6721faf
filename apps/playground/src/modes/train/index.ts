// The train mode: a small model learns on this machine, and answers as it was at any checkpoint.
import { lazy } from 'react';
import type { PageMode } from '../mode.ts';
import { trainStrings } from './strings.ts';

export const trainMode: PageMode = {
  kind: 'page',
  id: 'train',
  label: (locale) => trainStrings[locale].label,
  Page: lazy(() => import('./Page.tsx')),
};
