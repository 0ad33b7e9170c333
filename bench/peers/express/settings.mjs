import { availableParallelism } from 'node:os';
import { randomBytes } from 'node:crypto';

const number = (name, otherwise) => {
  const text = process.env[name];
  if (text === undefined || text === '') return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} must be a whole number above zero, not "${text}".`);
  return value;
};

if (!process.env.DATABASE_URL) throw new Error('DATABASE_URL is missing: postgres://user:password@host:5432/database');

export const settings = {
  port: number('PORT', 3000),
  host: process.env.HOST || '127.0.0.1',
  databaseUrl: process.env.DATABASE_URL,
  poolMax: number('DB_POOL_MAX', 50),
  bcryptRounds: number('BCRYPT_ROUNDS', 10),
  workers: number('WORKERS', availableParallelism()),
  // All workers must verify each other's tokens, so the first process makes the secret and hands it down.
  jwtSecret: (process.env.JWT_SECRET ||= randomBytes(32).toString('base64url')),
  tokenSeconds: number('TOKEN_SECONDS', 3600),
};
