import { Providers } from '@slipway/ui';
import { accessibilityFindings } from '@slipway/ui/testing';
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { App } from '../src/App.tsx';
import { catalogues } from '../src/texts/catalogues.ts';
import { type Answer, aList, aNetwork, aTodo, json, page, problem } from './builders.ts';

class SilentSource {
  readyState = 1;
  addEventListener() {}
  close() {}
}

beforeEach(() => {
  vi.stubGlobal('EventSource', SilentSource);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const work = aList({ id: 'office', name: 'Work', inbox: false, shared: true, color: 'teal' });
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
const todos = [
  aTodo({
    id: 't1',
    title: 'Call Ann',
    due: { date: day(1), time: null, timeZone: null },
    priority: 'high',
    tags: ['family'],
    subtasks: { total: 2, done: 1 },
  }),
  aTodo({
    id: 't2',
    title: 'Write report',
    listId: 'office',
    category: 'office',
    recurrence: 'FREQ=WEEKLY',
    reminders: [{ minutesBefore: 30 }],
  }),
  aTodo({ id: 't3', title: 'Buy milk' }),
];

const signedIn: Readonly<Record<string, Answer>> = {
  'GET /session': json({ authenticated: true, csrfToken: 'csrf', user: { id: 'ann', name: 'Ann', email: 'ann@example.com', roles: [] } }),
  'GET /api/todo/lists': page([aList(), work]),
  'GET /api/todo/todos': page(todos, [
    { field: 'tags', values: [{ value: 'family', count: 1 }] },
    { field: 'priority', values: [{ value: 'high', count: 1 }] },
  ]),
  'GET /api/todo/invitations': json({ items: [] }),
  'GET /api/todo/tags': json({ items: [{ name: 'family', count: 1 }] }),
  'GET /api/todo/categories': json({ items: [{ name: 'office', count: 1 }] }),
  'GET /api/status': json({ checkedAt: '2026-11-21T10:00:00Z', overall: 'up', services: [] }),
};

function open(address: string, routes: Readonly<Record<string, Answer | Answer[]>> = {}, locale = 'en') {
  const network = aNetwork({ ...signedIn, ...routes });
  // The page makes its own client, so the network is put in place of the browser's.
  vi.stubGlobal('fetch', async (input: string, init?: RequestInit) => {
    const request = `${init?.method ?? 'GET'} ${new URL(input, location.href).pathname}`;
    const planned = network.plan.get(request);
    const answer = Array.isArray(planned) ? planned.shift() : planned;
    network.calls.push({
      method: init?.method ?? 'GET',
      path: new URL(input, location.href).pathname,
      query: new URL(input, location.href).searchParams,
      body: typeof init?.body === 'string' ? JSON.parse(init.body) : init?.body,
      headers: new Headers(init?.headers),
    });
    if (!answer) throw new TypeError(`Nobody answers ${request}`);
    const given = typeof answer === 'function' ? await answer(network.calls.at(-1) as never) : answer;
    if (given instanceof Error) throw given;
    return given.clone();
  });
  window.history.replaceState(null, '', address);
  const view = render(
    <Providers catalogues={catalogues} locale={locale} timeZone="UTC">
      <App />
    </Providers>,
  );
  return { ...view, network };
}

const row = async (title: string) => (await screen.findByText(title)).closest('li') as HTMLElement;
const focusRow = async (title: string) => (await row(title)).querySelector<HTMLElement>('[data-open]')?.focus();

describe('the door', () => {
  test('leads to signing in and back to where one wanted to go', async () => {
    const { container } = open('/lists/work?q=x', { 'GET /session': json({ authenticated: false }) });
    const link = await screen.findByText('Sign in');
    expect(link.getAttribute('href')).toBe('/session/sign-in?returnTo=%2Flists%2Fwork%3Fq%3Dx');
    expect(screen.getByText('Create an account').getAttribute('href')).toContain('screen=register');
    expect(await accessibilityFindings(container)).toEqual([]);
  });

  test('that does not open says so with the trace', async () => {
    open('/today', { 'GET /session': problem(500, 'internal', { traceId: 'trace-77' }) });
    expect(await screen.findByText('trace-77')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
  });
});

describe('pages have no findings of axe', () => {
  for (const address of ['/all?tag=family', '/all?as=board', '/all?as=calendar', '/settings', '/nowhere']) {
    test(address, async () => {
      const { container } = open(address);
      await screen.findByRole('heading', { level: 1 });
      if (address.startsWith('/all')) await screen.findAllByText('Call Ann');
      expect(await accessibilityFindings(container)).toEqual([]);
    });
  }

  test('the editor', async () => {
    const { container } = open('/all?todo=t2', { 'GET /api/todo/todos/t2': json(todos[1]) });
    expect(await screen.findByLabelText('Title')).toBeTruthy();
    expect(await accessibilityFindings(container)).toEqual([]);
  });
});

test('the page speaks German when asked to', async () => {
  open('/all', {}, 'de');
  expect(await screen.findByRole('heading', { name: 'Alles', level: 1 })).toBeTruthy();
  expect(screen.getByLabelText('Neue Aufgabe')).toBeTruthy();
  await waitFor(() => expect(document.documentElement.lang).toBe('de'));
});

describe('a todo', () => {
  test('is ticked off at once, and ten seconds long that can be taken back', async () => {
    const { network } = open('/all', {
      'POST /api/todo/todos/t3/complete': json(
        { todo: aTodo({ id: 't3', title: 'Buy milk', completed: true, version: 2 }), next: null },
        200,
        { undo: 'c1' },
      ),
      'POST /api/todo/changes/c1/undo': json({ undone: true, todo: aTodo({ id: 't3', title: 'Buy milk', version: 3 }) }),
    });
    const box = within(await row('Buy milk')).getByRole('checkbox');
    fireEvent.click(box);
    await waitFor(() => expect(box.getAttribute('aria-checked')).toBe('true'));
    await waitFor(() => expect(network.writes().map((call) => call.path)).toContain('/api/todo/todos/t3/complete'));
    fireEvent.click(within(screen.getByRole('region', { name: 'Messages' })).getByText('Undo'));
    await waitFor(() => expect(box.getAttribute('aria-checked')).toBe('false'));
  });

  test('is changed in the editor, which sends only what changed and from which version', async () => {
    const { network } = open('/all?todo=t3', {
      'GET /api/todo/todos/t3': json(todos[2]),
      'PATCH /api/todo/todos/t3': json(aTodo({ id: 't3', title: 'Buy oat milk', version: 2 }), 200, { etag: '"2"' }),
    });
    const title = await screen.findByLabelText('Title');
    fireEvent.change(title, { target: { value: 'Buy oat milk' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(network.writes().some((call) => call.method === 'PATCH')).toBe(true));
    const patch = network.writes().find((call) => call.method === 'PATCH');
    expect([patch?.body, patch?.headers.get('if-match'), patch?.headers.get('x-csrf-token')]).toEqual([
      { title: 'Buy oat milk' },
      '"1"',
      'csrf',
    ]);
    expect(screen.queryByLabelText('Title')).toBeNull();
    expect(window.location.search).toBe('');
  });

  test('with mistakes is not sent; focus goes to a summary that leads to the fields', async () => {
    const { network } = open('/all?todo=t3', { 'GET /api/todo/todos/t3': json(todos[2]) });
    fireEvent.change(await screen.findByLabelText('Title'), { target: { value: ' ' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    const summary = (await screen.findByText('One field needs your attention')).parentElement;
    await waitFor(() => expect(document.activeElement).toBe(summary));
    fireEvent.click(screen.getByText('Title: A todo needs a title.'));
    expect(document.activeElement).toBe(screen.getByLabelText('Title'));
    expect(network.writes()).toEqual([]);
  });

  test('changed in two places asks which to keep, and sends the choice', async () => {
    const theirs = aTodo({ id: 't3', title: 'Buy rice milk', version: 5 });
    const { network, container }: ReturnType<typeof open> = open('/all?todo=t3', {
      // Somebody else is faster by a moment.
      'GET /api/todo/todos/t3': () => json(network.writes().length === 0 ? todos[2] : theirs),
      'PATCH /api/todo/todos/t3': [
        problem(412, 'versionMismatch', {}, { etag: '"5"' }),
        json(aTodo({ id: 't3', title: 'Buy oat milk', version: 6 }), 200, { etag: '"6"' }),
      ],
    });
    fireEvent.change(await screen.findByLabelText('Title'), { target: { value: 'Buy oat milk' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    const dialog = await screen.findByRole('dialog', { name: 'Changed in two places' });
    expect(within(dialog).getByText('Buy rice milk')).toBeTruthy();
    expect(within(dialog).getByText('Before: Buy milk')).toBeTruthy();
    fireEvent.click(within(dialog).getByRole('button', { name: 'Close' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Decide' }));
    const again = await screen.findByRole('dialog', { name: 'Changed in two places' });
    expect(await accessibilityFindings(container)).toEqual([]);
    fireEvent.click(within(again).getByText('Buy oat milk'));
    fireEvent.click(within(again).getByText('Save the choice'));
    await waitFor(() => expect(network.writes().filter((call) => call.method === 'PATCH')).toHaveLength(2));
    expect(network.writes().at(-1)?.headers.get('if-match')).toBe('"5"');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });
});

describe('the keyboard', () => {
  test('moves, selects and acts on what is selected', async () => {
    const items = ['t1', 't2'].map((id, index) => ({ index, status: 200, body: aTodo({ id, completed: true, version: 2 }) }));
    const { network } = open('/all', { 'POST /api/todo/todos/batch': json({ items }, 207) });
    await row('Call Ann');
    const press = (key: string) => fireEvent.keyDown(document.activeElement ?? window, { key });
    press('j');
    expect(document.activeElement?.textContent).toContain('Call Ann');
    press('x');
    press('j');
    press('x');
    expect(await screen.findByRole('region', { name: 'Selected todos' })).toBeTruthy();
    press('c');
    await waitFor(() => expect(network.writes()).toHaveLength(1));
    expect(network.writes()[0]?.body).toMatchObject({
      operations: [
        { op: 'complete', id: 't1' },
        { op: 'complete', id: 't2' },
      ],
    });
    press('Escape');
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Selected todos' })).toBeNull());
  });

  test('goes places, finds the search and the quick line, and does nothing while typing', async () => {
    open('/all');
    await row('Call Ann');
    fireEvent.keyDown(window, { key: '/' });
    expect(document.activeElement?.id).toBe('search');
    fireEvent.keyDown(document.activeElement as Element, { key: 'n' });
    expect(document.activeElement?.id).toBe('search');
    (document.activeElement as HTMLElement).blur();
    fireEvent.keyDown(window, { key: 'n' });
    expect(document.activeElement?.id).toBe('quick-add');
    (document.activeElement as HTMLElement).blur();
    fireEvent.keyDown(window, { key: 'g' });
    fireEvent.keyDown(window, { key: 'u' });
    expect(window.location.pathname).toBe('/upcoming');
  });

  test('orders by hand without dragging', async () => {
    const { network } = open('/inbox', { 'POST /api/todo/todos/t1/move': json(aTodo({ ...todos[0], position: 'b', version: 2 })) });
    await focusRow('Call Ann');
    fireEvent.keyDown(document.activeElement as Element, { key: 'ArrowDown', altKey: true });
    await waitFor(() => expect(network.writes()[0]?.body).toEqual({ afterId: 't3' }));
    const order = () => [...document.querySelectorAll('[data-todo]')].map((element) => (element as HTMLElement).dataset.todo);
    await waitFor(() => expect(order()).toEqual(['t3', 't1']));
  });
});

test('the search is part of the address and of the question to the server', async () => {
  const { network } = open('/all');
  await row('Call Ann');
  fireEvent.change(screen.getByLabelText('Search todos'), { target: { value: 'milk' } });
  await waitFor(() => expect(window.location.search).toBe('?q=milk'));
  await waitFor(() => expect(network.calls.some((call) => call.path === '/api/todo/todos' && call.query.get('q') === 'milk')).toBe(true));
});

test('what failed to load says why and can be tried again', async () => {
  const { network } = open('/overdue', {
    'GET /api/todo/todos': problem(403, 'missingScope', { detail: 'The scope todo.todos:read is missing.', traceId: 'trace-1' }),
  });
  expect(await screen.findByText('The scope todo.todos:read is missing.')).toBeTruthy();
  network.plan.set('GET /api/todo/todos', page([]));
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Nothing is overdue')).toBeTruthy();
});

test('without a connection the page says how old it is, and writes wait', async () => {
  const { network } = open('/all');
  await row('Buy milk');
  network.plan.delete('GET /session');
  await act(async () => void window.dispatchEvent(new Event('offline')));
  expect(await screen.findByText('You are offline.')).toBeTruthy();
  network.plan.set('DELETE /api/todo/todos/t3', new TypeError('cut'));
  await focusRow('Buy milk');
  fireEvent.keyDown(document.activeElement as Element, { key: 'Delete' });
  await waitFor(() => expect(screen.queryByText('Buy milk')).toBeNull());
  expect((await screen.findAllByText(/One change will be sent/)).length).toBe(1);
});

test('a list is shared by e-mail, and what is no address is said before it is sent', async () => {
  const { network } = open('/lists/office', {
    'GET /api/todo/lists/office/members': json({ items: [{ userId: 'ann', name: 'Ann', email: 'ann@example.com', role: 'owner' }] }),
    'GET /api/todo/lists/office/invitations': json({ items: [] }),
    'POST /api/todo/lists/office/invitations': json({ id: 'i1', listId: 'office', role: 'editor', email: 'bob@example.com' }, 201),
  });
  fireEvent.click(await screen.findByRole('button', { name: 'Share' }));
  const address = await screen.findByLabelText('E-mail address');
  fireEvent.change(address, { target: { value: 'bob' } });
  fireEvent.click(screen.getByRole('button', { name: 'Invite' }));
  expect(await screen.findByText('Enter an address such as ann@example.com.')).toBeTruthy();
  fireEvent.change(address, { target: { value: 'bob@example.com' } });
  fireEvent.click(screen.getByRole('button', { name: 'Invite' }));
  await waitFor(() => expect(network.writes()[0]?.body).toEqual({ email: 'bob@example.com', role: 'editor' }));
  expect(network.writes()[0]?.headers.get('idempotency-key')).toBeTruthy();
});

test('insights show what they rest on and can be followed', async () => {
  const { network, container } = open('/insights', {
    'POST /api/insights/insights': json({
      summary: { text: 'Three todos are open.' },
      priorities: [
        {
          todoId: 't3',
          priority: 'high',
          confidence: 0.8,
          evidence: [{ todoId: 't3', text: 'milk', start: 4, length: 4, why: 'due today' }],
        },
      ],
      duplicates: [{ todoIds: ['t1', 't3'], similarity: 0.9, evidence: ['milk'] }],
      overload: [{ date: '2026-12-01', minutes: 600, limit: 480, todoIds: ['t1', 't2'] }],
      provider: 'embedded',
    }),
    'PATCH /api/todo/todos/t3': json(aTodo({ id: 't3', title: 'Buy milk', priority: 'high', version: 2 })),
  });
  expect(await screen.findByText('Three todos are open.')).toBeTruthy();
  expect(screen.getByText('due today', { exact: false })).toBeTruthy();
  expect(await accessibilityFindings(container)).toEqual([]);
  fireEvent.click(screen.getByRole('button', { name: 'Apply' }));
  await waitFor(() => expect(network.writes().at(-1)?.body).toEqual({ priority: 'high' }));
  expect(await screen.findByText('Applied')).toBeTruthy();
});
