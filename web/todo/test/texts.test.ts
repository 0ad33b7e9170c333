import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueFindings, literalFindings } from '@slipway/ui/testing';
import { expect, test } from 'vitest';
import { de as uiDe } from '../../ui/src/i18n/texts.de.ts';
import { en as uiEn } from '../../ui/src/i18n/texts.en.ts';
import { catalogues } from '../src/texts/catalogues.ts';
import { de } from '../src/texts/de.ts';
import { en } from '../src/texts/en.ts';

const root = join(import.meta.dirname, '../src');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('texts'))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
const code = sources.map((source) => source.text).join('\n');
const known = new Set([...Object.keys(en), ...Object.keys(uiEn)]);

test('both languages have the same keys and use the same values', () => {
  expect(catalogueFindings(catalogues)).toEqual([]);
  expect(Object.keys(uiDe).sort()).toEqual(Object.keys(uiEn).sort());
});

test('components contain no words of their own', () => {
  expect(sources.length).toBeGreaterThan(50);
  expect(sources.filter(({ file }) => file.endsWith('.tsx')).flatMap(({ file, text }) => literalFindings(file, text))).toEqual([]);
});

test('every text that is asked for exists', () => {
  const asked = [...code.matchAll(/\bt\(\s*'([\w.]+)'/g)].map((match) => match[1] ?? '');
  expect(asked.length).toBeGreaterThan(150);
  expect(asked.filter((key) => !known.has(key))).toEqual([]);
});

test('every text that is put together has its parts', () => {
  const expected = [
    ...['inbox', 'today', 'overdue', 'upcoming', 'all', 'completed', 'trash', 'insights'].map((view) => `todo.view.${view}`),
    ...['inbox', 'today', 'overdue', 'upcoming', 'all', 'completed', 'trash', 'list'].map((view) => `todo.empty.${view}.title`),
    ...['none', 'low', 'medium', 'high'].flatMap((priority) => [`todo.priority.${priority}`]),
    ...['owner', 'editor', 'viewer'].map((role) => `todo.role.${role}`),
    ...['connecting', 'live', 'waiting', 'offline', 'signedOut'].map((state) => `todo.connection.${state}`),
    ...['title', 'notes', 'due', 'dueDate', 'recurrence', 'reminders', 'priority', 'category', 'tags'].map(
      (field) => `todo.field.${field}`,
    ),
    ...['create', 'update', 'complete', 'reopen', 'delete', 'restore', 'move'].map((kind) => `todo.refused.${kind}`),
    ...['required', 'tooLong', 'dateBeforeTime', 'recurrenceNeedsDate', 'reminderNeedsDate'].map((code) => `todo.mistake.${code}`),
    ...['daily', 'weekly', 'monthly', 'yearly'].flatMap((unit) => [`todo.recurrence.every.${unit}`, `todo.recurrence.interval.${unit}`]),
    ...['position', 'dueAt', 'priority', 'title', 'createdAt', 'updatedAt'].map((sort) => `todo.sort.${sort}`),
    ...['list', 'board', 'calendar'].map((shape) => `todo.shape.${shape}`),
    ...['json', 'csv', 'ics'].map((format) => `todo.export.${format}`),
    ...['system', 'light', 'dark'].map((theme) => `todo.settings.theme.name.${theme}`),
    ...['slate', 'red', 'amber', 'green', 'teal', 'blue', 'violet', 'pink'].map((color) => `todo.color.${color}`),
    ...['yours', 'theirs'].map((side) => `todo.conflict.${side}`),
    ...['up', 'degraded', 'down', 'unknown'].map((state) => `todo.status.${state}`),
  ];
  expect(expected.filter((key) => !known.has(key))).toEqual([]);
});

test('no text is kept that nobody asks for', () => {
  const stems = [...code.matchAll(/[`'](todo\.[\w.]+)/g)].map((match) => match[1] ?? '');
  const used = (key: string) =>
    stems.some((stem) => stem === key || (stem.endsWith('.') && key.startsWith(stem)) || key.startsWith(`${stem}.`));
  expect(Object.keys(en).filter((key) => !used(key))).toEqual([]);
});

test('the second language is a translation, not a copy', () => {
  const same = Object.keys(en).filter((key) => en[key as keyof typeof en] === de[key as keyof typeof en]);
  expect(same.length).toBeLessThan(Object.keys(en).length / 20);
});
