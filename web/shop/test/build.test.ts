import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';

const page = join(import.meta.dirname, '..');
let folder = '';
const assets = (ending: string) => readdirSync(join(folder, 'assets')).filter((name) => name.endsWith(ending));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shop-page-'));
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  await build({
    root: page,
    configFile: join(page, 'vite.config.ts'),
    logLevel: 'error',
    mode: 'production',
    build: { outDir: folder, emptyOutDir: true },
  });
  process.env.NODE_ENV = before;
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the first script stays within its budget', () => {
  const bytes = assets('.js').reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, 'assets', name))).length, 0);
  expect(bytes).toBeGreaterThan(20_000);
  expect(bytes).toBeLessThanOrEqual(170_000);
});

test('nothing is inline and nothing comes from another host', () => {
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  expect(html).not.toMatch(/<style|<script(?![^>]*\ssrc=)|\son\w+=|\sstyle=/);
  const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
  expect(loaded.every((address) => address.startsWith('/'))).toBe(true);
});
