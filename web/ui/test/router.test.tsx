import { act, fireEvent, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Link } from '../src/router/Link.tsx';
import { changeSearch, matchPath, navigate, useSearch } from '../src/router/location.ts';
import { Routes } from '../src/router/Routes.tsx';

test('paths match with parameters and a rest', () => {
  expect(matchPath('/lists/:id', '/lists/a%20b')).toEqual({ id: 'a b' });
  expect(matchPath('/lists/:id', '/lists')).toBeNull();
  expect(matchPath('/lists/:id', '/lists/1/2')).toBeNull();
  expect(matchPath('/lists/:id', '/lists/%E0%A4%A')).toBeNull();
  expect(matchPath('/account/*', '/account/a/b')).toEqual({ rest: 'a/b' });
  expect(matchPath('/', '/')).toEqual({});
});

test('one member of the query changes and the others stay', () => {
  expect(changeSearch('?q=a&tag=b', { tag: 'c' })).toBe('?q=a&tag=c');
  expect(changeSearch('?q=a', { q: null })).toBe('');
});

function Pages() {
  const [search, setSearch] = useSearch();
  return (
    <main>
      <Link to="/other">{'other'}</Link>
      <button type="button" onClick={() => setSearch({ q: 'milk' })}>
        {search.get('q') ?? 'none'}
      </button>
      <Routes
        routes={[
          { path: '/other', render: () => <h1>{'Other'}</h1> },
          { path: '*', render: () => <h1>{'Start'}</h1> },
        ]}
      />
    </main>
  );
}

test('a link moves inside the page, gives focus to the heading, and the way back works', async () => {
  render(<Pages />);
  fireEvent.click(screen.getByText('other'));
  expect(window.location.pathname).toBe('/other');
  expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Other' }));
  expect(screen.getByText('other').getAttribute('aria-current')).toBe('page');
  await act(async () => {
    window.history.back();
    await new Promise((resolve) => window.addEventListener('popstate', resolve, { once: true }));
  });
  expect(screen.getByRole('heading', { name: 'Start' })).toBeTruthy();
});

test('a click with a modifier is left to the browser', () => {
  render(<Pages />);
  const link = screen.getByText('other');
  link.addEventListener('click', (event) => event.preventDefault());
  fireEvent.click(link, { ctrlKey: true });
  expect(window.location.pathname).toBe('/');
});

test('the query is state that others can change too', () => {
  render(<Pages />);
  fireEvent.click(screen.getByText('none'));
  expect(screen.getByText('milk')).toBeTruthy();
  act(() => navigate('/?q=bread'));
  expect(screen.getByText('bread')).toBeTruthy();
});
