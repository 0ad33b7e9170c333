import type { Catalogues } from '@slipway/ui';
import { de } from './de.ts';
import { en } from './en.ts';

export const catalogues: Catalogues = { en, de };
