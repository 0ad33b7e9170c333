import { Button, EmptyState, ErrorState, groupBy, Skeleton, useI18n } from '@slipway/ui';
import { useMemo } from 'react';
import { addDays } from '../contract/days.ts';
import { isOverdue, naturalSort, type Today, type TodoQuery } from '../contract/query.ts';
import type { Todo } from '../contract/types.ts';
import { type ShownView, useToday } from '../store/StoreContext.tsx';
import { isFiltered } from './address.ts';
import { BulkBar } from './BulkBar.tsx';
import { NewsPill } from './NewsPill.tsx';
import { TodoRow } from './TodoRow.tsx';
import { useListKeys } from './useListKeys.ts';
import { useReorder } from './useReorder.ts';
import { useSelection } from './useSelection.ts';

export interface ListBodyProps {
  readonly query: TodoQuery;
  readonly shown: ShownView;
  readonly readOnly: boolean;
}

export function ListBody({ query, shown, readOnly }: ListBodyProps) {
  const { t, formats } = useI18n();
  const today = useToday();
  const { view, todos } = shown;
  const selection = useSelection(todos);
  const sort = query.sort ?? naturalSort(query);
  const ownOrder = Boolean(query.listId || query.view === 'inbox');
  const reorder = useReorder(todos, ownOrder && sort === 'position' && !readOnly && query.view !== 'trash' && !isFiltered(query));
  useListKeys({ todos, selection, reorder, readOnly, trash: query.view === 'trash' });
  const groups = useMemo(() => groupBy(todos, (todo) => headingOf(todo, query, sort, today)), [todos, query, sort, today]);

  if (!view || (view.loading && todos.length === 0 && view.loadedAt === 0)) return <Skeleton lines={6} />;
  if (view.error && todos.length === 0) return <ErrorState error={view.error} onRetry={shown.reload} />;
  return (
    <div className="list-body">
      <NewsPill count={view.news} onShow={shown.reload} />
      {todos.length === 0 && <Nothing query={query} />}
      {[...groups].map(([heading, members]) => (
        <section key={heading} className="group">
          {heading && <h2 data-late={heading === 'late' || undefined}>{headingText(heading, today, t, formats.day.bind(formats))}</h2>}
          <ul className="rows">
            {members.map((todo) => (
              <TodoRow
                key={todo.id}
                todo={todo}
                query={query}
                today={today}
                readOnly={readOnly}
                selection={selection}
                reorder={reorder}
                underDay={heading}
              />
            ))}
          </ul>
        </section>
      ))}
      {view.next && (
        <Button busy={view.loading} onClick={shown.loadMore}>
          {t('todo.list.more')}
        </Button>
      )}
      <BulkBar selection={selection} trash={query.view === 'trash'} />
    </div>
  );
}

/** Where time is the order, days are the headings. */
function headingOf(todo: Todo, query: TodoQuery, sort: string, today: Today): string {
  if (sort !== 'dueAt' || query.view === 'overdue') return '';
  if (!todo.due) return 'never';
  if (isOverdue({ ...todo, completed: false }, today) && todo.due.date < today.date)
    return query.view === 'upcoming' ? todo.due.date : 'late';
  return todo.due.date;
}

function headingText(heading: string, today: Today, t: (key: string) => string, day: (value: string, style: string) => string): string {
  if (heading === 'late') return t('todo.view.overdue');
  if (heading === 'never') return t('todo.due.none');
  if (heading === today.date) return t('todo.day.today');
  if (heading === addDays(today.date, 1)) return t('todo.day.tomorrow');
  return day(heading, 'long');
}

function Nothing({ query }: { readonly query: TodoQuery }) {
  const { t, has } = useI18n();
  if (isFiltered(query)) {
    return (
      <EmptyState icon="search" title={t('todo.empty.filtered.title')}>
        {t('todo.empty.filtered.text')}
      </EmptyState>
    );
  }
  const key = query.listId ? 'todo.empty.list' : `todo.empty.${query.view}`;
  return (
    <EmptyState icon={query.view === 'trash' ? 'trash' : 'done'} title={t(`${key}.title`)}>
      {has(`${key}.text`) ? t(`${key}.text`) : null}
    </EmptyState>
  );
}
