import { Menu, type MenuItem, useI18n } from '@slipway/ui';
import { addDays } from '../contract/days.ts';
import type { Today } from '../contract/query.ts';
import { priorities, type Todo } from '../contract/types.ts';
import { useActions, useOpenTodo, useTodoState } from '../store/StoreContext.tsx';
import type { Reorder } from './useReorder.ts';

interface TodoMenuProps {
  readonly todo: Todo;
  readonly readOnly: boolean;
  readonly trash: boolean;
  readonly today: Today;
  readonly reorder?: Reorder;
  readonly onSelect?: () => void;
  /** The columns of a board; they take the place of the priorities. */
  readonly columns?: readonly { readonly id: string; readonly label: string; readonly current: boolean; readonly onSelect: () => void }[];
}

export function TodoMenu({ todo, readOnly, trash, today, reorder, onSelect, columns }: TodoMenuProps) {
  const { t } = useI18n();
  const actions = useActions();
  const { lists } = useTodoState();
  const { open } = useOpenTodo();
  const day = (days: number) =>
    actions.patch([todo], {
      due: { date: addDays(today.date, days), time: todo.due?.time ?? null, timeZone: todo.due?.timeZone ?? null },
    });
  const targets = [...lists.values()].filter((list) => list.id !== todo.listId && list.role !== 'viewer' && !todo.parentId).slice(0, 12);

  const items: MenuItem[] = [{ id: 'open', label: t('todo.menu.open'), onSelect: () => open(todo.id) }];
  if (onSelect) items.push({ id: 'select', label: t('todo.menu.select'), onSelect });
  if (trash) items.push({ id: 'restore', label: t('todo.menu.restore'), icon: 'undo', onSelect: () => void actions.restore([todo]) });
  if (!readOnly && !trash) {
    if (reorder?.enabled) {
      items.push({ id: 'up', label: t('todo.menu.up'), icon: 'up', separated: true, onSelect: () => reorder.step(todo, -1) });
      items.push({ id: 'down', label: t('todo.menu.down'), icon: 'down', onSelect: () => reorder.step(todo, 1) });
    }
    items.push({ id: 'today', label: t('todo.menu.today'), icon: 'today', separated: true, onSelect: () => void day(0) });
    items.push({ id: 'tomorrow', label: t('todo.menu.tomorrow'), icon: 'calendar', onSelect: () => void day(1) });
    if (todo.due) items.push({ id: 'never', label: t('todo.menu.noDate'), onSelect: () => void actions.patch([todo], { due: null }) });
    for (const [index, column] of (columns ?? []).entries()) {
      items.push({
        id: `column-${column.id}`,
        label: t('todo.menu.toColumn', { name: column.label }),
        checked: column.current,
        separated: index === 0,
        onSelect: column.onSelect,
      });
    }
    for (const [index, priority] of columns ? [] : [...priorities.entries()]) {
      items.push({
        id: `priority-${priority}`,
        label: t('todo.menu.priority', { priority: t(`todo.priority.${priority}`) }),
        checked: todo.priority === priority,
        separated: index === 0,
        onSelect: () => void actions.patch([todo], { priority }),
      });
    }
    for (const [index, list] of targets.entries()) {
      const name = list.inbox ? t('todo.view.inbox') : list.name;
      items.push({
        id: `list-${list.id}`,
        label: t('todo.menu.toList', { name }),
        separated: index === 0,
        onSelect: () => void actions.toList([todo], list.id, name),
      });
    }
    items.push({
      id: 'delete',
      label: t('todo.menu.delete'),
      icon: 'trash',
      danger: true,
      separated: true,
      onSelect: () => void actions.remove([todo]),
    });
  }
  return <Menu label={t('todo.menu.label', { title: todo.title })} items={items} />;
}
