import { Language } from '@slipway/ui';
import { describe, expect, test } from 'vitest';
import { addDays, addMonths, dayIn, daysBetween, monthGrid } from '../src/contract/days.ts';
import { newId } from '../src/contract/ids.ts';
import { belongs, compareTodos, isOverdue, toParameters } from '../src/contract/query.ts';
import { addTag, findMistakes, toDraft, toPatch } from '../src/editor/draft.ts';
import { describeRecurrence, readRecurrence, writeRecurrence } from '../src/editor/recurrence.ts';
import { asPriority, todosMax, toInsightsRequest } from '../src/insights/findings.ts';
import { catalogues } from '../src/texts/catalogues.ts';
import { contentTypeOf } from '../src/transfer/formats.ts';
import { readQuery } from '../src/views/address.ts';
import { nearestColor } from '../src/views/ColorDot.tsx';
import { aTodo, now } from './builders.ts';

const today = { date: '2026-11-21', now };
const dueOn = (date: string, time: string | null = null, dueAt: string | null = null) => ({ due: { date, time, timeZone: null }, dueAt });

describe('repeating', () => {
  const rules = [
    'FREQ=DAILY',
    'FREQ=DAILY;INTERVAL=3',
    'FREQ=WEEKLY;BYDAY=MO,FR',
    'FREQ=MONTHLY;BYMONTHDAY=-1',
    'FREQ=YEARLY;COUNT=5',
    'FREQ=WEEKLY;UNTIL=20261231',
  ];

  test('rules survive being read and written', () => {
    for (const text of rules) {
      const rule = readRecurrence(text);
      expect(rule && writeRecurrence(rule)).toBe(text);
    }
  });

  test('rules the form cannot edit are left alone', () => {
    for (const text of ['FREQ=MONTHLY;BYDAY=2TU', 'FREQ=DAILY;BYSETPOS=1', 'nonsense']) expect(readRecurrence(text)).toBeNull();
  });

  test('is told in words in both languages', () => {
    const tell = (locale: string) => {
      const language = new Language(locale, catalogues, 'en', 'Europe/Berlin');
      return rules.map((rule) => describeRecurrence(rule, { t: language.text, formats: language.formats }));
    };
    expect(tell('en')).toEqual([
      'every day',
      'every 3 days',
      'every week, on Mon and Fri',
      'every month, on the last day',
      'every year, 5 times',
      'every week, until Dec 31, 2026',
    ]);
    expect(tell('de')).toEqual([
      'jeden Tag',
      'alle 3 Tage',
      'jede Woche, Mo und Fr',
      'jeden Monat, am letzten Tag',
      'jedes Jahr, 5-mal',
      'jede Woche, bis 31. Dez. 2026',
    ]);
  });
});

describe('a day', () => {
  test('is counted without regard to clocks that change', () => {
    expect([addDays('2026-03-28', 2), addDays('2026-01-01', -1), daysBetween('2026-10-24', '2026-10-26')]).toEqual([
      '2026-03-30',
      '2025-12-31',
      2,
    ]);
    expect([addMonths('2026-11', 2), addMonths('2026-01', -1)]).toEqual(['2027-01', '2025-12']);
  });

  test('is the one where the reader is', () => {
    const at = Date.parse('2026-11-21T23:30:00Z');
    expect([dayIn('Europe/Berlin', at), dayIn('America/New_York', at)]).toEqual(['2026-11-22', '2026-11-21']);
  });

  test('has its place in the month, whichever day the week begins with', () => {
    const monday = monthGrid('2026-11', 1);
    expect([monday[0]?.[0], monday.at(-1)?.[6], monday.length]).toEqual(['2026-10-26', '2026-12-06', 6]);
    const sunday = monthGrid('2026-11', 7);
    expect([sunday[0]?.[0], sunday.length]).toEqual(['2026-11-01', 5]);
  });
});

describe('what belongs to a view', () => {
  const place = (part: Parameters<typeof aTodo>[0], query: Parameters<typeof belongs>[1]) => belongs(aTodo(part), query, today, 'inbox');

  test('follows the day', () => {
    expect(place(dueOn('2026-11-20'), { view: 'today' })).toBe(true);
    expect(place(dueOn('2026-11-22'), { view: 'today' })).toBe(false);
    expect(place(dueOn('2026-11-22'), { view: 'upcoming' })).toBe(true);
    expect(place({ ...dueOn('2026-11-20'), completed: true }, { view: 'overdue' })).toBe(false);
    expect(isOverdue(aTodo(dueOn('2026-11-21', '09:00', '2026-11-21T08:00:00Z')), today)).toBe(true);
    expect(isOverdue(aTodo(dueOn('2026-11-21')), today)).toBe(false);
  });

  test('follows list, filters and words', () => {
    expect(place({ listId: 'work' }, { view: 'inbox' })).toBe(false);
    expect(place({ listId: 'work', tags: ['a'] }, { view: 'all', listId: 'work', tag: 'a' })).toBe(true);
    expect(place({ title: 'Call Ann', notes: 'about the boat' }, { view: 'all', q: 'boat CALL' })).toBe(true);
    expect(place({ priority: 'low' }, { view: 'all', priority: 'high' })).toBe(false);
  });

  test('is top level where things stand on their own, and everything where time or words decide', () => {
    const child = { parentId: 't0', ...dueOn('2026-11-21') };
    expect(place(child, { view: 'all' })).toBe(false);
    expect(place(child, { view: 'today' })).toBe(true);
    expect(place(child, { view: 'all', parentId: 't0' })).toBe(true);
  });

  test('in the trash is what was deleted, and nothing else is', () => {
    expect(place({ deletedAt: '2026-11-20T00:00:00Z' }, { view: 'trash' })).toBe(true);
    expect(place({}, { view: 'trash' })).toBe(false);
    expect(place({ deletedAt: '2026-11-20T00:00:00Z' }, { view: 'all' })).toBe(false);
  });

  test('is asked of the server in its words', () => {
    expect(toParameters({ view: 'today' }, 'Europe/Berlin', '2026-11-21')).toMatchObject({
      view: 'all',
      'due[lte]': '2026-11-21',
      completed: 'false',
      sort: 'dueAt',
      'parentId[isNull]': undefined,
    });
    expect(toParameters({ view: 'trash' }, 'UTC', '2026-11-21')).toMatchObject({ view: 'all', deleted: 'only', completed: undefined });
    expect(toParameters({ view: 'all', listId: 'x' }, 'UTC', '2026-11-21')).toMatchObject({
      listId: 'x',
      'parentId[isNull]': 'true',
      sort: 'position',
    });
  });

  test('is sorted with the undated last and ties by id', () => {
    const todos = [aTodo({ id: 'b' }), aTodo({ id: 'a' }), aTodo({ id: 'c', ...dueOn('2026-01-01') })];
    expect([...todos].sort(compareTodos('dueAt')).map((todo) => todo.id)).toEqual(['c', 'a', 'b']);
  });
});

describe('the address', () => {
  test('is read and what it does not know is ignored', () => {
    const search = new URLSearchParams('q=milk&tag=home&priority=urgent&sort=weird&completed=true&todo=1');
    expect(readQuery(search, 'all')).toEqual({
      view: 'all',
      listId: undefined,
      q: 'milk',
      tag: 'home',
      category: undefined,
      priority: undefined,
      completed: true,
      sort: undefined,
    });
  });
});

describe('the editor', () => {
  const before = aTodo({ title: 'Old', tags: ['a'], due: { date: '2026-11-21', time: '09:00', timeZone: 'Asia/Tokyo' }, category: 'x' });

  test('sends only what was changed', () => {
    const draft = toDraft(before);
    expect(toPatch(draft, before, 'Europe/Berlin')).toEqual({});
    expect(toPatch({ ...draft, title: ' New ', category: ' ', tags: ['a'] }, before, 'Europe/Berlin')).toEqual({
      title: 'New',
      category: null,
    });
  });

  test('keeps the time zone a time was meant in, and drops it with the time', () => {
    const draft = toDraft(before);
    expect(toPatch({ ...draft, dueTime: '10:00' }, before, 'Europe/Berlin').due).toEqual({
      date: '2026-11-21',
      time: '10:00',
      timeZone: 'Asia/Tokyo',
    });
    expect(toPatch({ ...draft, dueTime: '' }, before, 'Europe/Berlin').due).toEqual({ date: '2026-11-21', time: null, timeZone: null });
    expect(toPatch({ ...draft, dueDate: '', dueTime: '' }, before, 'Europe/Berlin').due).toBeNull();
    expect(toPatch({ ...toDraft(aTodo()), dueDate: '2026-12-01', dueTime: '08:00' }, aTodo(), 'Europe/Berlin').due?.timeZone).toBe(
      'Europe/Berlin',
    );
  });

  test('finds every mistake at once', () => {
    const draft = {
      ...toDraft(aTodo()),
      title: ' ',
      dueTime: '09:00',
      recurrence: 'FREQ=DAILY',
      reminders: [{ minutesBefore: 5 }],
      notes: 'x'.repeat(10_001),
    };
    expect(Object.fromEntries(Object.entries(findMistakes(draft)).map(([field, mistake]) => [field, mistake.code]))).toEqual({
      title: 'required',
      notes: 'tooLong',
      dueDate: 'dateBeforeTime',
      recurrence: 'recurrenceNeedsDate',
      reminders: 'reminderNeedsDate',
    });
  });

  test('takes tags apart, without signs and doubles, and no more than allowed', () => {
    expect(addTag(['a'], '#b, a  c')).toEqual(['a', 'b', 'c']);
    expect(addTag([], Array.from({ length: 30 }, (_, index) => `t${index}`).join(' '))).toHaveLength(20);
  });
});

test('ids sort by time and are of version 7', () => {
  const zeros = new Uint8Array(10);
  const ids = [newId(1, zeros), newId(now, zeros), newId(now + 1, zeros)];
  expect([...ids].sort()).toEqual(ids);
  expect(ids[1]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('files are known by their endings', () => {
  expect(['a.CSV', 'b.json', 'c.ics', 'd.txt', 'none'].map(contentTypeOf)).toEqual([
    'text/csv',
    'application/json',
    'text/calendar',
    null,
    null,
  ]);
});

test('a colour of any program finds the nearest of ours', () => {
  expect([nearestColor('#0f766e'), nearestColor('#ff0000'), nearestColor('pink'), nearestColor('chartreuse'), nearestColor(null)]).toEqual([
    'teal',
    'red',
    'pink',
    'slate',
    'slate',
  ]);
});

test('the analyser is told no more than it needs', () => {
  const request = toInsightsRequest([aTodo({ notes: 'n', createdBy: 'ann' })], 'de', 'Europe/Berlin') as { todos: object[] };
  expect(request).toEqual({
    language: 'de',
    timeZone: 'Europe/Berlin',
    todos: [{ id: 't1', title: 'Call Ann', description: 'n', completed: false }],
  });
  expect(
    (
      toInsightsRequest(
        Array.from({ length: 300 }, () => aTodo()),
        'en',
        'UTC',
      ) as { todos: object[] }
    ).todos,
  ).toHaveLength(todosMax);
  expect([asPriority('high'), asPriority('urgent')]).toEqual(['high', null]);
});
