import { announce, EmptyState, ErrorState, Select, Skeleton, useI18n, useSearch } from '@slipway/ui';
import { type KeyboardEvent, useMemo, useState } from 'react';
import type { TodoQuery } from '../contract/query.ts';
import { type Priority, priorities, type Todo, type TodoPatch } from '../contract/types.ts';
import { type ShownView, useActions, useOpenTodo, useToday, useTodoState } from '../store/StoreContext.tsx';
import { DoneButton } from './DoneButton.tsx';
import { NewsPill } from './NewsPill.tsx';
import { TodoMenu } from './TodoMenu.tsx';
import { TodoMeta } from './TodoMeta.tsx';

interface BoardProps {
  readonly query: TodoQuery;
  readonly shown: ShownView;
  readonly readOnly: boolean;
}

interface Column {
  readonly id: string;
  readonly label: string;
  readonly patch: TodoPatch;
  readonly todos: readonly Todo[];
}

/** Columns by priority or category. A card changes column by being dragged, from its menu, or with alt and an arrow key. */
export function Board({ query, shown, readOnly }: BoardProps) {
  const { t } = useI18n();
  const [search, setSearch] = useSearch();
  const by = search.get('by') === 'category' ? 'category' : 'priority';
  const actions = useActions();
  const [dragged, setDragged] = useState<Todo | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const columns = useMemo(() => columnsOf(shown.todos, by, t), [shown.todos, by, t]);
  const place = (todo: Todo, column: Column) => void actions.patch([todo], column.patch);

  if (!shown.view || (shown.view.loading && shown.todos.length === 0 && shown.view.loadedAt === 0)) return <Skeleton lines={6} />;
  if (shown.view.error && shown.todos.length === 0) return <ErrorState error={shown.view.error} onRetry={shown.reload} />;
  return (
    <div className="board-page">
      <Select
        label={t('todo.board.by')}
        value={by}
        onChange={(value) => setSearch({ by: value === 'category' ? value : null })}
        options={[
          { value: 'priority', label: t('todo.field.priority') },
          { value: 'category', label: t('todo.field.category') },
        ]}
      />
      <NewsPill count={shown.view.news} onShow={shown.reload} />
      {shown.todos.length === 0 && <EmptyState icon="board" title={t('todo.empty.all.title')} />}
      {/* A scrolling region must be reachable by keyboard. */}
      <section className="board" aria-label={t('todo.shape.board')} tabIndex={0}>
        {columns.map((column) => (
          // A column of cards is a labelled group, not a fieldset.
          <div
            key={column.id}
            role="group"
            className="column"
            aria-label={column.label}
            data-over={over === column.id || undefined}
            onDragOver={(event) => {
              if (!dragged) return;
              event.preventDefault();
              setOver(column.id);
            }}
            onDragLeave={() => setOver(null)}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged && !column.todos.includes(dragged)) place(dragged, column);
              setDragged(null);
              setOver(null);
            }}
          >
            <h2>
              {column.label} <span className="nav-count">{column.todos.length}</span>
            </h2>
            <ul>
              {column.todos.map((todo) => (
                <Card
                  key={todo.id}
                  todo={todo}
                  readOnly={readOnly}
                  hideList={Boolean(query.listId)}
                  byPriority={by === 'priority'}
                  columns={columns}
                  column={column.id}
                  onDrag={setDragged}
                  onPlace={(id) => {
                    const target = columns.find((candidate) => candidate.id === id);
                    if (target) place(todo, target);
                  }}
                />
              ))}
            </ul>
          </div>
        ))}
      </section>
    </div>
  );
}

interface CardProps {
  readonly todo: Todo;
  readonly readOnly: boolean;
  readonly hideList: boolean;
  readonly byPriority: boolean;
  readonly columns: readonly Column[];
  readonly column: string;
  readonly onDrag: (todo: Todo | null) => void;
  readonly onPlace: (column: string) => void;
}

function Card({ todo, readOnly: pageReadOnly, hideList, byPriority, columns, column, onDrag, onPlace }: CardProps) {
  const { t } = useI18n();
  const actions = useActions();
  const today = useToday();
  const { open } = useOpenTodo();
  const { lists } = useTodoState();
  const readOnly = pageReadOnly || lists.get(todo.listId)?.role === 'viewer';
  const targets = columns.map((option) => ({
    id: option.id,
    label: option.label,
    current: option.id === column,
    onSelect: () => onPlace(option.id),
  }));
  // The keyboard's way of dragging: alt and an arrow, from wherever focus is on the card.
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.altKey && event.key === 'ArrowRight' ? 1 : event.altKey && event.key === 'ArrowLeft' ? -1 : 0;
    const target = step === 0 || readOnly ? undefined : columns[columns.findIndex((option) => option.id === column) + step];
    if (!target) return;
    event.preventDefault();
    onPlace(target.id);
    announce(t('todo.board.moved', { title: todo.title, column: target.label }));
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-todo='${todo.id}'] [data-open]`)?.focus());
  };
  return (
    <li
      className="card"
      onKeyDown={onKeyDown}
      data-todo={todo.id}
      data-done={todo.completed || undefined}
      draggable={!readOnly}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', todo.title);
        onDrag(todo);
      }}
      onDragEnd={() => onDrag(null)}
    >
      <div className="card-head">
        <DoneButton
          todo={todo}
          disabled={readOnly}
          onToggle={() => void (todo.completed ? actions.reopen([todo]) : actions.complete([todo]))}
        />
        <button type="button" className="todo-open" data-open onClick={() => open(todo.id)}>
          <span className="todo-title">{todo.title}</span>
        </button>
        <TodoMenu todo={todo} readOnly={readOnly} trash={false} today={today} columns={targets} />
      </div>
      <TodoMeta todo={todo} today={today} hideList={hideList} hidePriority={byPriority} />
    </li>
  );
}

function columnsOf(todos: readonly Todo[], by: 'priority' | 'category', t: (key: string) => string): readonly Column[] {
  if (by === 'priority') {
    return priorities.map((priority: Priority) => ({
      id: priority,
      label: t(`todo.priority.${priority}`),
      patch: { priority },
      todos: todos.filter((todo) => todo.priority === priority),
    }));
  }
  const names = [...new Set(todos.map((todo) => todo.category))].filter((name): name is string => name !== null).sort();
  return [
    ...names.map((name) => ({
      id: `=${name}`,
      label: name,
      patch: { category: name },
      todos: todos.filter((todo) => todo.category === name),
    })),
    { id: '', label: t('todo.category.none'), patch: { category: null }, todos: todos.filter((todo) => todo.category === null) },
  ];
}
