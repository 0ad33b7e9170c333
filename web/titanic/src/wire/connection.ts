import { TitanicClient } from './client.ts';

/** One for the page: it keeps nothing but the way to the service. */
export const client = new TitanicClient();
