import { Icon, useI18n } from '@slipway/ui';
import type { DragEvent } from 'react';
import type { Today, TodoQuery } from '../contract/query.ts';
import type { Todo } from '../contract/types.ts';
import { useActions, useOpenTodo, useTodoState } from '../store/StoreContext.tsx';
import { DoneButton } from './DoneButton.tsx';
import { TodoMenu } from './TodoMenu.tsx';
import { TodoMeta } from './TodoMeta.tsx';
import type { Reorder } from './useReorder.ts';
import type { Selection } from './useSelection.ts';

interface TodoRowProps {
  readonly todo: Todo;
  readonly query: TodoQuery;
  readonly today: Today;
  readonly readOnly: boolean;
  readonly selection: Selection;
  readonly reorder: Reorder;
  readonly underDay: string;
}

export function TodoRow({ todo, query, today, readOnly: pageReadOnly, selection, reorder, underDay }: TodoRowProps) {
  const { t } = useI18n();
  const actions = useActions();
  const { open } = useOpenTodo();
  const { lists } = useTodoState();
  const readOnly = pageReadOnly || lists.get(todo.listId)?.role === 'viewer';
  const trash = query.view === 'trash';
  const selected = selection.ids.has(todo.id);
  const dropSide = reorder.target?.id === todo.id && reorder.draggedId !== todo.id ? reorder.target.side : undefined;

  const onDragOver = (event: DragEvent) => {
    if (!reorder.draggedId) return;
    event.preventDefault();
    const box = event.currentTarget.getBoundingClientRect();
    reorder.over(todo.id, event.clientY < box.top + box.height / 2 ? 'before' : 'after');
  };

  return (
    <li
      className="todo"
      data-todo={todo.id}
      data-done={todo.completed || undefined}
      data-selected={selected || undefined}
      data-dragged={reorder.draggedId === todo.id || undefined}
      data-drop={dropSide}
      onDragOver={onDragOver}
      onDrop={(event) => {
        event.preventDefault();
        reorder.drop();
      }}
    >
      {reorder.enabled && (
        <span
          className="drag"
          draggable
          aria-hidden="true"
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = 'move';
            event.dataTransfer.setData('text/plain', todo.title);
            reorder.drag(todo.id);
          }}
          onDragEnd={() => reorder.drag(null)}
        >
          <Icon name="drag" size={18} />
        </span>
      )}
      {selection.active ? (
        <input
          type="checkbox"
          className="select-box"
          checked={selected}
          aria-label={t('todo.row.select', { title: todo.title })}
          onChange={() => selection.toggle(todo.id)}
        />
      ) : (
        <DoneButton
          todo={todo}
          disabled={readOnly || trash}
          onToggle={() => void (todo.completed ? actions.reopen([todo]) : actions.complete([todo]))}
        />
      )}
      <button type="button" className="todo-open" data-open onClick={() => open(todo.id)}>
        <span className="todo-title">{todo.title}</span>
        <TodoMeta
          todo={todo}
          today={today}
          hideList={Boolean(query.listId) || query.view === 'inbox'}
          hideDay={underDay === todo.due?.date}
        />
      </button>
      <TodoMenu todo={todo} readOnly={readOnly} trash={trash} today={today} reorder={reorder} onSelect={() => selection.toggle(todo.id)} />
    </li>
  );
}
