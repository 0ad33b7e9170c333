import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { type ReactNode, useState } from 'react';
import { describe, expect, test, vi } from 'vitest';
import {
  announce,
  Banner,
  Button,
  Checkbox,
  Dialog,
  EmptyState,
  ErrorState,
  ErrorSummary,
  IconButton,
  Input,
  Menu,
  NoAnswerError,
  ProblemError,
  Providers,
  Select,
  Skeleton,
  Table,
  TextArea,
  useToasts,
} from '../src/index.ts';
import { accessibilityFindings } from '../src/testing/index.ts';

const catalogues = { en: {}, de: {} };
const show = (children: ReactNode) =>
  render(
    <Providers catalogues={catalogues} locale="en">
      {children}
    </Providers>,
  );

test('controls and states have no findings of axe', async () => {
  const { container } = show(
    <main>
      <h1>{'Title'}</h1>
      <Input label="Name" hint="As on the door" error="Needed" value="" onChange={() => {}} />
      <TextArea label="Notes" optional value="" onChange={() => {}} />
      <Select label="Kind" value="a" options={[{ value: 'a', label: 'A' }]} onChange={() => {}} />
      <Checkbox label="Agree" hint="To the terms" checked={false} onChange={() => {}} />
      <Button look="primary" icon="add">
        {'Add'}
      </Button>
      <IconButton icon="close" label="Close" />
      <Banner tone="danger" title="Careful">
        {'It is late'}
      </Banner>
      <EmptyState title="Nothing" icon="inbox" />
      <Skeleton />
      <ErrorState
        error={new ProblemError({ type: 'x', title: 'T', status: 500, code: 'internal', traceId: 'trace-1' })}
        onRetry={() => {}}
      />
      <Table
        caption="Rows"
        columns={[{ id: 'a', header: 'A', cell: (row: string) => row, sortable: true }]}
        rows={['x']}
        rowKey={(row) => row}
        sort="a"
        onSort={() => {}}
      />
      <ErrorSummary attempt={1} errors={[{ fieldId: 'f', label: 'Name', message: 'Needed' }]} />
    </main>,
  );
  expect(await accessibilityFindings(container)).toEqual([]);
  expect(screen.getByText('trace-1')).toBeTruthy();
  expect(screen.getByRole('columnheader').getAttribute('aria-sort')).toBe('ascending');
});

test('a field ties its label, hint and mistake together', () => {
  show(<Input label="Name" hint="As on the door" error="Needed" value="" onChange={() => {}} />);
  const input = screen.getByLabelText('Name');
  const described = (input.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent);
  expect(described).toEqual(['As on the door', 'Needed']);
  expect(input.getAttribute('aria-invalid')).toBe('true');
});

test('a busy button refuses a second press and keeps its focus', () => {
  const press = vi.fn();
  show(
    <Button busy onClick={press}>
      {'Save'}
    </Button>,
  );
  fireEvent.click(screen.getByText('Save'));
  expect(press).not.toHaveBeenCalled();
  expect(screen.getByText('Save').hasAttribute('disabled')).toBe(false);
});

function Opener() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        {'Open'}
      </button>
      <Dialog open={open} title="Question" onClose={() => setOpen(false)}>
        <input aria-label="Answer" data-autofocus />
      </Dialog>
    </>
  );
}

test('a dialog takes focus, says its title, and gives focus back to its opener', async () => {
  const { container } = show(<Opener />);
  const opener = screen.getByText('Open');
  opener.focus();
  fireEvent.click(opener);
  expect(document.activeElement).toBe(screen.getByLabelText('Answer'));
  expect(screen.getByRole('dialog', { name: 'Question' })).toBeTruthy();
  expect(await accessibilityFindings(container)).toEqual([]);
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(document.activeElement).toBe(opener);
});

test('a menu opens, moves with arrows and letters, and closes with Escape', async () => {
  const chosen = vi.fn();
  const { container } = show(
    <Menu
      label="Actions"
      items={[
        { id: 'a', label: 'Archive', onSelect: () => chosen('a') },
        { id: 'd', label: 'Delete', danger: true, onSelect: () => chosen('d') },
        { id: 'r', label: 'Rename', onSelect: () => chosen('r') },
      ]}
    />,
  );
  const trigger = screen.getByRole('button', { name: 'Actions' });
  fireEvent.click(trigger);
  const menu = screen.getByRole('menu');
  expect(await accessibilityFindings(container)).toEqual([]);
  const focused = () => document.activeElement?.textContent;
  expect(focused()).toBe('Archive');
  fireEvent.keyDown(menu, { key: 'ArrowUp' });
  expect(focused()).toBe('Rename');
  fireEvent.keyDown(menu, { key: 'd' });
  expect(focused()).toBe('Delete');
  fireEvent.keyDown(menu, { key: 'Escape' });
  expect(document.activeElement).toBe(trigger);
  fireEvent.click(trigger);
  fireEvent.click(screen.getByText('Rename'));
  expect(chosen.mock.calls).toEqual([['r']]);
});

function Teller({ undo }: { readonly undo: () => void }) {
  const { show: tell } = useToasts();
  return (
    <button type="button" onClick={() => tell({ text: 'Deleted', action: { label: 'Undo', run: undo } })}>
      {'Delete'}
    </button>
  );
}

describe('a message with an undo', () => {
  test('stays ten seconds, waits while it is looked at, and can be pressed by keyboard', async () => {
    vi.useFakeTimers();
    try {
      const undo = vi.fn();
      show(<Teller undo={undo} />);
      fireEvent.click(screen.getByText('Delete'));
      const region = screen.getByRole('region', { name: 'Messages' });
      const line = () => within(region).queryByText('Deleted');
      act(() => void vi.advanceTimersByTime(9000));
      expect(line()).toBeTruthy();
      fireEvent.focus(within(region).getByText('Undo'));
      act(() => void vi.advanceTimersByTime(60_000));
      expect(line()).toBeTruthy();
      fireEvent.blur(within(region).getByText('Undo'));
      act(() => void vi.advanceTimersByTime(10_500));
      expect(line()).toBeNull();
      fireEvent.click(screen.getByText('Delete'));
      fireEvent.keyDown(window, { key: 'z', ctrlKey: true });
      expect(undo).toHaveBeenCalledOnce();
      expect(line()).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });
});

test('announcements are read even when they repeat', () => {
  show(<p>{'page'}</p>);
  const status = () => [...document.querySelectorAll('[role=status] span')].map((span) => span.textContent);
  act(() => announce('Saved'));
  const first = status();
  act(() => announce('Saved'));
  expect(status()).not.toEqual(first);
  expect(status()).toContain('Saved');
});

test('the help lists the keys and can turn single ones off', async () => {
  const { container } = show(<p>{'page'}</p>);
  fireEvent.keyDown(window, { key: '?' });
  expect(screen.getByRole('dialog', { name: 'Keyboard' })).toBeTruthy();
  expect(await accessibilityFindings(container)).toEqual([]);
  fireEvent.click(screen.getByLabelText('Single-key shortcuts'));
  fireEvent.click(screen.getByRole('button', { name: 'Close' }));
  fireEvent.keyDown(window, { key: '?' });
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('the palette filters and runs with the keyboard alone', async () => {
  const { container } = show(<p>{'page'}</p>);
  fireEvent.keyDown(window, { key: 'k', metaKey: true });
  const box = screen.getByRole('combobox');
  expect(await accessibilityFindings(container)).toEqual([]);
  fireEvent.change(box, { target: { value: 'help' } });
  expect(screen.getAllByRole('option')).toHaveLength(1);
  fireEvent.change(box, { target: { value: 'zzz' } });
  expect(screen.getByText('No command matches “zzz”.')).toBeTruthy();
  fireEvent.change(box, { target: { value: 'help' } });
  await act(async () => void fireEvent.keyDown(box, { key: 'Enter' }));
  expect(screen.getByRole('dialog', { name: 'Keyboard' })).toBeTruthy();
});

test('no answer is explained without blaming the server', () => {
  show(<ErrorState error={new NoAnswerError('network')} />);
  expect(screen.getByText(/could not be reached/)).toBeTruthy();
});
