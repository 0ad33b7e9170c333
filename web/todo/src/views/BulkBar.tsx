import { announce, Button, IconButton, Menu, useI18n } from '@slipway/ui';
import { useEffect } from 'react';
import { addDays } from '../contract/days.ts';
import { priorities } from '../contract/types.ts';
import { useActions, useToday, useTodoState } from '../store/StoreContext.tsx';
import type { Selection } from './useSelection.ts';

export function BulkBar({ selection, trash }: { readonly selection: Selection; readonly trash: boolean }) {
  const { t } = useI18n();
  const actions = useActions();
  const today = useToday();
  const { lists } = useTodoState();
  const count = selection.todos.length;
  useEffect(() => {
    if (count > 0) announce(t('todo.bulk.count', { count }));
  }, [count, t]);
  if (!selection.active) return null;

  const run = (work: Promise<unknown>) => {
    selection.clear();
    void work;
  };
  const open = selection.todos.filter((todo) => !todo.completed);
  const dueOn = (days: number) =>
    run(actions.patch(selection.todos, { due: { date: addDays(today.date, days), time: null, timeZone: null } }));
  return (
    <section className="bulk" aria-label={t('todo.bulk.label')}>
      <strong>{t('todo.bulk.count', { count })}</strong>
      <Button look="quiet" onClick={selection.all}>
        {t('todo.keys.selectAll')}
      </Button>
      {trash ? (
        <Button icon="undo" onClick={() => run(actions.restore(selection.todos))}>
          {t('todo.menu.restore')}
        </Button>
      ) : (
        <>
          <Button icon="check" onClick={() => run(open.length > 0 ? actions.complete(open) : actions.reopen(selection.todos))}>
            {t(open.length > 0 ? 'todo.bulk.complete' : 'todo.bulk.reopen')}
          </Button>
          <Menu
            label={t('todo.bulk.due')}
            caption={t('todo.bulk.due')}
            items={[
              { id: 'today', label: t('todo.day.today'), onSelect: () => dueOn(0) },
              { id: 'tomorrow', label: t('todo.day.tomorrow'), onSelect: () => dueOn(1) },
              { id: 'week', label: t('todo.day.nextWeek'), onSelect: () => dueOn(7) },
              {
                id: 'never',
                label: t('todo.menu.noDate'),
                separated: true,
                onSelect: () => run(actions.patch(selection.todos, { due: null })),
              },
            ]}
          />
          <Menu
            label={t('todo.field.priority')}
            caption={t('todo.field.priority')}
            items={priorities.map((priority) => ({
              id: priority,
              label: t(`todo.priority.${priority}`),
              onSelect: () => run(actions.patch(selection.todos, { priority })),
            }))}
          />
          <Menu
            label={t('todo.bulk.list')}
            caption={t('todo.bulk.list')}
            items={[...lists.values()]
              .filter((list) => list.role !== 'viewer')
              .map((list) => {
                const name = list.inbox ? t('todo.view.inbox') : list.name;
                return { id: list.id, label: name, onSelect: () => run(actions.toList(selection.todos, list.id, name)) };
              })}
          />
          <IconButton icon="trash" look="danger" label={t('todo.menu.delete')} onClick={() => run(actions.remove(selection.todos))} />
        </>
      )}
      <IconButton icon="close" label={t('todo.keys.clear')} onClick={selection.clear} />
    </section>
  );
}
