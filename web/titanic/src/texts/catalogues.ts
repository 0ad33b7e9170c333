import { de } from './de.ts';
import { en } from './en.ts';

export const catalogues = { en, de };
