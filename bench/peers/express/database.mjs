import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { settings } from './settings.mjs';

export const pool = new pg.Pool({
  connectionString: settings.databaseUrl,
  max: Math.max(1, Math.floor(settings.poolMax / settings.workers)),
  idleTimeoutMillis: 10_000,
  connectionTimeoutMillis: 5_000,
  statement_timeout: 5_000,
});

export const migrate = async () => {
  await pool.query(await readFile(new URL('./schema.sql', import.meta.url), 'utf8'));
};

export const isDuplicate = (error) => error?.code === '23505';
