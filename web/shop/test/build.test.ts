import { BuiltPage } from '@slipway/ui/testing/build';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

let page: BuiltPage;

beforeAll(async () => {
  page = await BuiltPage.of(join(import.meta.dirname, '..'));
}, 120_000);
afterAll(() => page.dispose());

test('the first script stays within its budget', () => {
  expect(page.scriptBytes()).toBeGreaterThan(20_000);
  expect(page.scriptBytes()).toBeLessThanOrEqual(170_000);
});

test('what may change carries a hash in its name', () => expect(page.unhashed()).toEqual([]));

test('nothing is inline and nothing comes from another host', () => expect(page.foreignParts()).toEqual([]));
