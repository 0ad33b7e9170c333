import { type Binding, useBindings, useI18n } from '@slipway/ui';
import { useMemo } from 'react';
import { addDays } from '../contract/days.ts';
import type { Todo } from '../contract/types.ts';
import { useActions, useOpenTodo, useToday } from '../store/StoreContext.tsx';
import type { Reorder } from './useReorder.ts';
import type { Selection } from './useSelection.ts';

interface ListKeysOptions {
  readonly todos: readonly Todo[];
  readonly selection: Selection;
  readonly reorder: Reorder;
  readonly readOnly: boolean;
  readonly trash: boolean;
}

/** The row with focus is the cursor; no second notion of “current” exists that a screen reader could not see. */
export function useListKeys({ todos, selection, reorder, readOnly, trash }: ListKeysOptions): void {
  const { t } = useI18n();
  const actions = useActions();
  const today = useToday();
  const { open } = useOpenTodo();

  const bindings = useMemo<readonly Binding[]>(() => {
    const group = t('todo.keys.group.list');
    const current = () => todos.find((todo) => todo.id === focusedId());
    const chosen = () => (selection.active ? selection.todos : [current()].filter((todo): todo is Todo => todo !== undefined));
    const onChosen = (work: (todos: readonly Todo[]) => void) => () => {
      const some = chosen();
      if (some.length > 0) work(some);
    };
    const due = (days: number) =>
      onChosen((some) => void actions.patch(some, { due: { date: addDays(today.date, days), time: null, timeZone: null } }));
    const priority = (value: Todo['priority']) => onChosen((some) => void actions.patch(some, { priority: value }));
    const write = !readOnly && !trash;
    return [
      { id: 'list.next', keys: 'j', label: t('todo.keys.next'), group, inPalette: false, run: () => moveFocus(todos, 1) },
      { id: 'list.previous', keys: 'k', label: t('todo.keys.previous'), group, inPalette: false, run: () => moveFocus(todos, -1) },
      {
        id: 'list.select',
        keys: 'x',
        label: t('todo.keys.select'),
        group,
        inPalette: false,
        run: () => onFocused(current(), (todo) => selection.toggle(todo.id)),
      },
      { id: 'list.selectAll', keys: 'mod+a', label: t('todo.keys.selectAll'), group, run: selection.all },
      {
        id: 'list.clear',
        keys: 'Escape',
        label: t('todo.keys.clear'),
        group,
        inPalette: false,
        enabled: selection.active,
        run: selection.clear,
      },
      {
        id: 'list.open',
        keys: 'e',
        label: t('todo.keys.open'),
        group,
        inPalette: false,
        run: () => onFocused(current(), (todo) => open(todo.id)),
      },
      {
        id: 'list.done',
        keys: 'c',
        label: t('todo.keys.complete'),
        group,
        enabled: write,
        run: onChosen((some) => toggleDone(some, actions)),
      },
      {
        id: 'list.delete',
        keys: 'Delete',
        label: t('todo.keys.delete'),
        group,
        enabled: write,
        run: onChosen((some) => {
          if (!selection.active) leaveFocused();
          void actions.remove(some);
        }),
      },
      {
        id: 'list.restore',
        keys: 'r',
        label: t('todo.keys.restore'),
        group,
        enabled: trash,
        run: onChosen((some) => void actions.restore(some)),
      },
      {
        id: 'list.up',
        keys: 'alt+ArrowUp',
        label: t('todo.keys.up'),
        group,
        enabled: write,
        run: () => onFocused(current(), (todo) => reorder.step(todo, -1)),
      },
      {
        id: 'list.down',
        keys: 'alt+ArrowDown',
        label: t('todo.keys.down'),
        group,
        enabled: write,
        run: () => onFocused(current(), (todo) => reorder.step(todo, 1)),
      },
      { id: 'list.today', keys: 't', label: t('todo.keys.today'), group, enabled: write, run: due(0) },
      { id: 'list.tomorrow', keys: 'm', label: t('todo.keys.tomorrow'), group, enabled: write, run: due(1) },
      { id: 'list.p1', keys: '1', label: t('todo.keys.priority.high'), group, enabled: write, run: priority('high') },
      { id: 'list.p2', keys: '2', label: t('todo.keys.priority.medium'), group, enabled: write, run: priority('medium') },
      { id: 'list.p3', keys: '3', label: t('todo.keys.priority.low'), group, enabled: write, run: priority('low') },
      { id: 'list.p0', keys: '0', label: t('todo.keys.priority.none'), group, enabled: write, run: priority('none') },
    ];
  }, [todos, selection, reorder, readOnly, trash, t, actions, today.date, open]);
  useBindings(bindings);
}

function toggleDone(todos: readonly Todo[], actions: ReturnType<typeof useActions>): void {
  const open = todos.filter((todo) => !todo.completed);
  if (open.length > 0) void actions.complete(open);
  else void actions.reopen(todos);
}

function onFocused(todo: Todo | undefined, work: (todo: Todo) => void): void {
  if (todo) work(todo);
}

function focusedId(): string | null {
  return document.activeElement?.closest<HTMLElement>('[data-todo]')?.dataset.todo ?? null;
}

/** Focus goes to a neighbour before its row disappears, so that the next key still has a place to begin. */
function leaveFocused(): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-todo]')];
  const at = rows.findIndex((row) => row.dataset.todo === focusedId());
  (rows[at + 1] ?? rows[at - 1])?.querySelector<HTMLElement>('[data-open]')?.focus();
}

/** The order on screen, which headings may have changed from the order of the data. */
function moveFocus(todos: readonly Todo[], by: 1 | -1): void {
  if (todos.length === 0) return;
  const rows = [...document.querySelectorAll<HTMLElement>('[data-todo]')];
  const at = rows.findIndex((row) => row.dataset.todo === focusedId());
  const row = at < 0 ? (by > 0 ? rows[0] : rows.at(-1)) : rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
  row?.querySelector<HTMLElement>('[data-open]')?.focus();
  row?.scrollIntoView({ block: 'nearest' });
}
