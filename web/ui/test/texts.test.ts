import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { de } from '../src/i18n/texts.de.ts';
import { en } from '../src/i18n/texts.en.ts';
import { catalogueFindings, literalFindings } from '../src/testing/index.ts';

test('both languages have the same keys and use the same values', () => {
  expect(catalogueFindings({ en, de })).toEqual([]);
});

test('a missing key and a differing value are found', () => {
  expect(catalogueFindings({ en: { a: 'x', b: '{n}' }, de: { b: '{m}' } })).toEqual(['de lacks a', 'b: en and de use different values']);
});

test('components contain no words of their own', () => {
  const root = join(import.meta.dirname, '../src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.tsx'));
  expect(files.length).toBeGreaterThan(10);
  expect(files.flatMap((file) => literalFindings(file, readFileSync(join(root, file), 'utf8')))).toEqual([]);
});

test('words between tags and in spoken attributes are recognised', () => {
  expect(literalFindings('x.tsx', '<p>Hello there</p>')).toEqual(['x.tsx: “Hello there”']);
  expect(literalFindings('x.tsx', '<input placeholder="Type here" />')).toEqual(['x.tsx: “Type here”']);
  expect(literalFindings('x.tsx', '<p>{t("a.b")}</p>')).toEqual([]);
});
