import { Providers } from '@slipway/ui';
import { accessibilityFindings } from '@slipway/ui/testing';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { App } from '../src/App.tsx';
import { catalogues } from '../src/texts/catalogues.ts';

afterEach(() => vi.unstubAllGlobals());

const people = '/api/v1/people';

const aPerson = (more: object = {}) => ({
  uuid: '0198f1a0-0000-7000-8000-000000000001',
  passengerId: 7,
  survived: true,
  passengerClass: 1,
  name: 'Marrow, Miss. Edith',
  sex: 'female',
  age: 29.5,
  siblingsOrSpousesAboard: 1,
  parentsOrChildrenAboard: 0,
  ticket: 'PC 20411',
  fare: 71.2833,
  cabin: null,
  embarked: 'C',
  updatedAt: '2026-01-01T00:00:00.000Z',
  version: 1,
  ...more,
});

const aPage = (more: object = {}) => ({
  items: [aPerson(), aPerson({ uuid: '2', name: 'Holt, Mr. Amos', sex: 'male', survived: false, age: null, passengerClass: 3 })],
  page: { limit: 50, next: 'later', prev: null, total: { value: 891, exact: true } },
  ...more,
});

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': status >= 400 ? 'application/problem+json' : 'application/json' },
  });

/** Answers by path, and remembers what was asked. */
function aService(routes: Readonly<Record<string, (query: URLSearchParams) => Response>>) {
  const asked: URL[] = [];
  vi.stubGlobal('fetch', async (input: string) => {
    const url = new URL(input, window.location.href);
    asked.push(url);
    return (routes[url.pathname] ?? (() => json({ type: '/problems/not-found', title: 'Not found', status: 404, code: 'notFound' }, 404)))(
      url.searchParams,
    );
  });
  return { last: (path: string) => asked.findLast((url) => url.pathname === path)?.searchParams };
}

function open(address: string, locale = 'en') {
  window.history.replaceState(null, '', address);
  return render(
    <Providers catalogues={catalogues} locale={locale} timeZone="UTC">
      <App />
    </Providers>,
  );
}

describe('the passengers', () => {
  test('are listed with how many there are, free of barriers', async () => {
    aService({ [people]: () => json(aPage()) });
    const { container } = open('/');
    expect(await screen.findByText('891 passengers')).toBeTruthy();
    expect(screen.getAllByText('Marrow, Miss. Edith').length).toBeGreaterThan(0);
    expect(await accessibilityFindings(container)).toEqual([]);
  });

  test('are narrowed down by what the address says, and a new filter begins at the top', async () => {
    const service = aService({ [people]: () => json(aPage()) });
    open('/?class=3&cursor=abc');
    await screen.findByText('891 passengers');
    expect(service.last(people)?.get('class')).toBe('3');
    expect(service.last(people)?.get('cursor')).toBe('abc');
    fireEvent.click(screen.getByLabelText('First class'));
    await waitFor(() => expect(service.last(people)?.get('class')).toBe('1,3'));
    expect(service.last(people)?.get('cursor')).toBeNull();
    expect(window.location.search).toBe('?class=1%2C3');
  });

  test('are searched for by roughly their name', async () => {
    const service = aService({ [people]: () => json(aPage()), [`${people}/search`]: () => json({ items: [aPerson()] }) });
    open('/');
    fireEvent.change(await screen.findByLabelText('Search passengers by name'), { target: { value: ' edit marow ' } });
    fireEvent.submit(screen.getByRole('search'));
    expect(await screen.findByText('One passenger')).toBeTruthy();
    expect(service.last(`${people}/search`)?.get('q')).toBe('edit marow');
    expect(service.last(`${people}/search`)?.get('fuzzy')).toBe('true');
  });

  test('are turned page by page', async () => {
    const service = aService({ [people]: () => json(aPage()) });
    open('/');
    fireEvent.click(await screen.findByRole('button', { name: 'Next' }));
    await waitFor(() => expect(service.last(people)?.get('cursor')).toBe('later'));
    expect(screen.getByRole('button', { name: 'Back' })).toHaveProperty('disabled', true);
  });

  test('that nobody matches are said to be none, and everybody comes back with one press', async () => {
    const service = aService({ [people]: (query) => json(query.get('class') ? { items: [], page: {} } : aPage()) });
    open('/?class=2');
    const empty = await screen.findByText('Nobody found');
    fireEvent.click(within(empty.parentElement as HTMLElement).getByRole('button', { name: 'Show everybody' }));
    expect(await screen.findByText('891 passengers')).toBeTruthy();
    expect(service.last(people)?.get('class')).toBeNull();
  });

  test('that cannot be read leave a reason, a trace and another try', async () => {
    let broken = true;
    aService({
      [people]: () =>
        broken
          ? json({ type: '/problems/x', title: 'Closed', status: 403, code: 'closed', detail: 'Not today.', traceId: 'trace-7' }, 403)
          : json(aPage()),
    });
    open('/');
    expect(await screen.findByText('Not today.')).toBeTruthy();
    expect(screen.getByText('trace-7')).toBeTruthy();
    broken = false;
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('891 passengers')).toBeTruthy();
  });

  test('speak German', async () => {
    aService({ [people]: () => json(aPage()) });
    open('/', 'de');
    expect(await screen.findByText('891 Passagiere')).toBeTruthy();
    expect(screen.getByText('Wer an Bord war')).toBeTruthy();
  });
});

describe('one passenger', () => {
  test('is shown with what is known, what is not, and the odds of others like them', async () => {
    const service = aService({
      [`${people}/1`]: () => json(aPerson()),
      [`${people}/stats`]: () => json({ items: [{ class: 1, sex: 'female', count: 94, survived: 91 }] }),
    });
    const { container } = open('/passengers/1');
    expect(await screen.findByRole('heading', { name: 'Marrow, Miss. Edith' })).toBeTruthy();
    expect(screen.getByText('29.5 years')).toBeTruthy();
    expect(screen.getByText('Not known')).toBeTruthy();
    expect(await screen.findByText('First class, women and girls: 91 of 94 survived (96.8%).')).toBeTruthy();
    expect(service.last(`${people}/stats`)?.get('class')).toBe('1');
    expect(await accessibilityFindings(container)).toEqual([]);
  });

  test('whom nobody knows is not found', async () => {
    aService({});
    open('/passengers/9');
    expect(await screen.findByText('Nobody is at this address')).toBeTruthy();
  });
});

describe('survival', () => {
  test('is drawn, and stands beside the drawing in figures', async () => {
    aService({
      [`${people}/stats`]: (query) =>
        json({
          items:
            query.get('groupBy') === 'class'
              ? [
                  { class: 1, count: 216, survived: 136 },
                  { class: 3, count: 491, survived: 119 },
                ]
              : [{ [query.get('groupBy') ?? '']: null, count: 891, survived: 342 }],
        }),
    });
    const { container } = open('/survival');
    const chart = await screen.findByRole('region', { name: 'By class' });
    expect(within(chart).getByRole('table', { hidden: true })).toBeTruthy();
    expect(within(chart).getAllByText('63%').length).toBeGreaterThan(0);
    expect(screen.getByText('707')).toBeTruthy();
    expect(await accessibilityFindings(container)).toEqual([]);
  });
});
