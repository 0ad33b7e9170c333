import { Providers } from '@slipway/ui';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { ClientProvider } from '../src/contract/ClientContext.tsx';
import type { Parsed } from '../src/contract/types.ts';
import { parseLocally } from '../src/quickadd/local.ts';
import { QuickAdd, toDraft } from '../src/quickadd/QuickAdd.tsx';
import { toSegments } from '../src/quickadd/segments.ts';
import { StoreProvider } from '../src/store/StoreContext.tsx';
import { TodoStore } from '../src/store/TodoStore.ts';
import { catalogues } from '../src/texts/catalogues.ts';
import { type Answer, aNetwork, aTodo, json, TestDisk, until } from './builders.ts';

const parsed = (part: Partial<Parsed> = {}): Parsed => ({
  title: 'x',
  due: null,
  recurrence: null,
  priority: 'none',
  tags: [],
  category: null,
  spans: [],
  ...part,
});

describe('what is understood without the server', () => {
  test('are tags, category and priority, wherever they stand', () => {
    expect(parseLocally('#home Pay rent !high @money #home')).toMatchObject({
      title: 'Pay rent',
      tags: ['home'],
      category: 'money',
      priority: 'high',
    });
    expect(parseLocally('Müll raus #grün !2')).toMatchObject({ title: 'Müll raus', tags: ['grün'], priority: 'medium' });
  });

  test('are not signs inside words, unknown levels or dates', () => {
    expect(parseLocally('Mail ann@example.com about C# !now tomorrow')).toMatchObject({
      title: 'Mail ann@example.com about C# !now tomorrow',
      tags: [],
      category: null,
      priority: 'none',
    });
  });

  test('is marked where it stands', () => {
    const { spans } = parseLocally('Pay #home !high');
    expect(spans.map((span) => [span.start, span.length, span.kind])).toEqual([
      [4, 5, 'tag'],
      [10, 5, 'priority'],
    ]);
  });
});

describe('the marked line', () => {
  test('is cut along the spans and loses no letter', () => {
    const text = 'Pay rent every 1st #home';
    const segments = toSegments(text, [
      { start: 19, length: 5, kind: 'tag', text: '#home' },
      { start: 9, length: 9, kind: 'recurrence', text: 'every 1st' },
    ]);
    expect(segments.map((segment) => [segment.text, segment.kind])).toEqual([
      ['Pay rent ', null],
      ['every 1st', 'recurrence'],
      [' ', null],
      ['#home', 'tag'],
    ]);
  });

  test('ignores spans that overlap, are empty or reach outside', () => {
    const spans = [
      { start: 0, length: 3, kind: 'a', text: '' },
      { start: 2, length: 3, kind: 'b', text: '' },
      { start: 4, length: 0, kind: 'c', text: '' },
      { start: 4, length: 99, kind: 'd', text: '' },
    ];
    expect(
      toSegments('abcdef', spans)
        .map((segment) => segment.text)
        .join('|'),
    ).toBe('abc|def');
  });
});

describe('the todo that is made', () => {
  test('is due on the day whose page it was written on, unless the line says otherwise', () => {
    expect(toDraft(parsed(), 'x', { day: '2026-11-21' }).due?.date).toBe('2026-11-21');
    const due = { date: '2026-12-24', time: '18:00', timeZone: 'Europe/Berlin' };
    expect(toDraft(parsed({ due }), 'x', { day: '2026-11-21' }).due).toEqual(due);
  });

  test('keeps the line as its title when nothing else is left of it', () => {
    expect(toDraft(parsed({ title: '', tags: ['home'] }), '#home', { day: null })).toEqual({ title: '#home', tags: ['home'] });
  });
});

function show(routes: Readonly<Record<string, Answer | Answer[]>>) {
  const network = aNetwork(routes);
  const store = new TodoStore({ client: network.client, disk: new TestDisk(), userId: 'ann' });
  render(
    <Providers catalogues={catalogues} locale="en" timeZone="Europe/Berlin">
      <ClientProvider client={network.client}>
        <StoreProvider store={store}>
          <QuickAdd view="inbox" />
        </StoreProvider>
      </ClientProvider>
    </Providers>,
  );
  const field = screen.getByLabelText('New todo');
  return { network, store, field, type: (text: string) => fireEvent.change(field, { target: { value: text } }) };
}

const understood = json({
  parsed: parsed({
    title: 'Pay rent',
    recurrence: 'FREQ=MONTHLY;BYMONTHDAY=1',
    priority: 'high',
    tags: ['home'],
    due: { date: '2099-12-01', time: '09:00', timeZone: 'Europe/Berlin' },
  }),
});

test('while typing, the line shows what was understood', async () => {
  const { type, network } = show({ 'POST /api/todo/todos/quick': understood });
  type('Pay rent every 1st at 9 #home !high');
  expect(await screen.findByText('every month, on day 1')).toBeTruthy();
  expect(screen.getByText('High')).toBeTruthy();
  expect(network.writes()[0]?.body).toEqual({
    text: 'Pay rent every 1st at 9 #home !high',
    timeZone: 'Europe/Berlin',
    language: 'en',
    dryRun: true,
  });
});

test('Enter makes exactly the todo that was shown and clears the line', async () => {
  const { type, field, network, store } = show({
    'POST /api/todo/todos/quick': understood,
    'POST /api/todo/todos': (call) => json(aTodo({ ...(call.body as object), version: 1 }), 201),
    'GET /api/todo/lists': json({ items: [] }),
  });
  type('Pay rent every 1st at 9 #home !high');
  await screen.findByText('every month, on day 1');
  await act(async () => void fireEvent.submit(field));
  await until(() => network.writes().some((call) => call.path === '/api/todo/todos'), 'the todo was sent');
  const made = network.writes().find((call) => call.path === '/api/todo/todos');
  expect(made?.body).toMatchObject({
    title: 'Pay rent',
    recurrence: 'FREQ=MONTHLY;BYMONTHDAY=1',
    priority: 'high',
    tags: ['home'],
    due: { date: '2099-12-01', time: '09:00' },
  });
  expect(made?.headers.get('if-none-match')).toBe('*');
  expect((field as HTMLInputElement).value).toBe('');
  await act(() => until(() => store.state.changes.length === 0, 'the todo was accepted'));
});

test('without the language service the todo is written down all the same', async () => {
  const { type, field, store } = show({
    'POST /api/todo/todos/quick': new TypeError('cut'),
    'POST /api/todo/todos': new TypeError('cut'),
  });
  type('Call Ann tomorrow #family');
  await act(async () => void fireEvent.submit(field));
  await act(() => until(() => store.state.changes.length === 1, 'the todo was kept'));
  expect(store.state.changes[0]?.intent).toMatchObject({ kind: 'create', draft: { title: 'Call Ann tomorrow', tags: ['family'] } });
  store.close();
});
