import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import type { Change } from '../src/store/change.ts';
import { IndexedDisk } from '../src/store/disk.ts';
import { aList, aTodo } from './builders.ts';

const change = (seq: number): Change => ({
  seq,
  intent: { kind: 'complete', todoId: 't1' },
  idempotencyKey: 'k',
  at: '2026-11-21T10:00:00Z',
  state: 'waiting',
  baseVersion: null,
  base: aTodo(),
  tries: 0,
});

test('what was kept is there after closing and opening again, in the order in which it was done', async () => {
  const disk = new IndexedDisk('ann');
  await disk.putTodos([aTodo(), aTodo({ id: 't2' })]);
  await disk.putLists([aList()]);
  await disk.putView('["inbox"]', { ids: ['t2', 't1'], loadedAt: 7 });
  await disk.putChange(change(20));
  await disk.putChange(change(10));
  const stored = await new IndexedDisk('ann').load();
  expect(stored.todos).toHaveLength(2);
  expect(stored.lists[0]?.name).toBe('Inbox');
  expect(stored.views.get('["inbox"]')).toEqual({ ids: ['t2', 't1'], loadedAt: 7 });
  expect(stored.changes.map((kept) => kept.seq)).toEqual([10, 20]);
});

test('one person does not see what another kept', async () => {
  await new IndexedDisk('ann2').putTodos([aTodo()]);
  expect((await new IndexedDisk('bob').load()).todos).toEqual([]);
});

test('what was sent is forgotten, and signing out forgets everything', async () => {
  const disk = new IndexedDisk('carol');
  await disk.putChange(change(1));
  await disk.removeChange(1);
  await disk.putTodos([aTodo()]);
  expect((await disk.load()).changes).toEqual([]);
  await disk.destroy();
  expect((await new IndexedDisk('carol').load()).todos).toEqual([]);
});

test('views looked at longest ago make room', async () => {
  const disk = new IndexedDisk('dora');
  for (let index = 0; index < 65; index++) await disk.putView(`view-${index}`, { ids: [], loadedAt: index });
  const { views } = await disk.load();
  expect(views.size).toBe(60);
  expect(views.has('view-0')).toBe(false);
  expect(views.has('view-64')).toBe(true);
});
