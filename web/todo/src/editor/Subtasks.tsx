import { useI18n } from '@slipway/ui';
import type { Todo } from '../contract/types.ts';
import { QuickAdd } from '../quickadd/QuickAdd.tsx';
import { useActions, useOpenTodo, useToday, useView } from '../store/StoreContext.tsx';
import { DoneButton } from '../views/DoneButton.tsx';
import { TodoMenu } from '../views/TodoMenu.tsx';
import { useReorder } from '../views/useReorder.ts';

export function Subtasks({ todo, readOnly }: { readonly todo: Todo; readonly readOnly: boolean }) {
  const { t } = useI18n();
  const actions = useActions();
  const today = useToday();
  const { open } = useOpenTodo();
  const { todos } = useView({ view: 'all', parentId: todo.id });
  const reorder = useReorder(todos, !readOnly);
  return (
    <section className="subtasks">
      <h3>{t('todo.subtasks.title')}</h3>
      {todos.length > 0 && (
        <ul>
          {todos.map((child) => (
            <li key={child.id} data-done={child.completed || undefined}>
              <DoneButton
                todo={child}
                disabled={readOnly}
                onToggle={() => void (child.completed ? actions.reopen([child]) : actions.complete([child]))}
              />
              <button type="button" className="todo-open" onClick={() => open(child.id)}>
                <span className="todo-title">{child.title}</span>
              </button>
              <TodoMenu todo={child} readOnly={readOnly} trash={false} today={today} reorder={reorder} />
            </li>
          ))}
        </ul>
      )}
      {!readOnly && <QuickAdd view="all" listId={todo.listId} parentId={todo.id} />}
    </section>
  );
}
