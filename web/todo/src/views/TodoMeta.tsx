import { Icon, useI18n } from '@slipway/ui';
import { daysBetween } from '../contract/days.ts';
import { isOverdue, type Today } from '../contract/query.ts';
import type { Due, Todo } from '../contract/types.ts';
import { describeRecurrence } from '../editor/recurrence.ts';
import { useTodoState } from '../store/StoreContext.tsx';
import { ColorDot } from './ColorDot.tsx';

interface TodoMetaProps {
  readonly todo: Todo;
  readonly today: Today;
  readonly hideList?: boolean;
  readonly hideDay?: boolean;
  readonly hidePriority?: boolean;
}

/** What there is to know besides the title, in the order in which people ask. Nothing is shown that is not set. */
export function TodoMeta({ todo, today, hideList, hideDay, hidePriority }: TodoMetaProps) {
  const i18n = useI18n();
  const { t, formats } = i18n;
  const { lists, changes, connection } = useTodoState();
  const list = hideList ? undefined : lists.get(todo.listId);
  const due = todo.due && !(hideDay && !todo.due.time) ? todo.due : null;
  const unsent = changes.some(
    (change) => change.intent.todoId === todo.id && change.state === 'waiting' && (change.tries > 0 || connection === 'offline'),
  );
  const late = isOverdue(todo, today);
  const priority = todo.priority !== 'none' && !hidePriority;
  const parts = [due, list, todo.subtasks.total, todo.recurrence, todo.reminders.length, todo.category, todo.tags.length, unsent, priority];
  if (!parts.some(Boolean)) return null;
  return (
    <span className="meta">
      {priority && (
        <span data-priority={todo.priority}>
          <Icon name="flag" size={14} />
          {t(`todo.priority.${todo.priority}`)}
        </span>
      )}
      {due && (
        <span data-late={late || undefined}>
          <Icon name={late ? 'overdue' : 'calendar'} size={14} />
          {late && <span className="sr-only">{t('todo.view.overdue')}: </span>}
          <time dateTime={due.date}>{hideDay && due.time ? formats.clock(due.time) : describeDue(due, today.date, i18n)}</time>
        </span>
      )}
      {todo.recurrence && (
        <span>
          <Icon name="repeat" size={14} />
          {describeRecurrence(todo.recurrence, i18n)}
        </span>
      )}
      {todo.reminders.length > 0 && (
        <span>
          <Icon name="bell" size={14} />
          <span className="sr-only">{t('todo.meta.reminders', { count: todo.reminders.length })}</span>
        </span>
      )}
      {todo.subtasks.total > 0 && (
        <span>
          <Icon name="subtasks" size={14} />
          <span className="sr-only">{t('todo.meta.subtasks', todo.subtasks)}</span>
          <span aria-hidden="true" className="figures">
            {todo.subtasks.done}/{todo.subtasks.total}
          </span>
        </span>
      )}
      {list && !list.inbox && (
        <span>
          <ColorDot color={list.color} />
          {list.name}
        </span>
      )}
      {todo.category && <span className="category">{todo.category}</span>}
      {todo.tags.map((tag) => (
        <span key={tag} className="tag">
          #{tag}
        </span>
      ))}
      {unsent && <span>{t('todo.meta.unsent')}</span>}
    </span>
  );
}

/** “Tomorrow, 18:00”: near days by name, the rest by date. */
export function describeDue(due: Due, today: string, { t, formats }: Pick<ReturnType<typeof useI18n>, 't' | 'formats'>): string {
  const days = daysBetween(today, due.date);
  const day =
    days === 0
      ? t('todo.day.today')
      : days === 1
        ? t('todo.day.tomorrow')
        : days === -1
          ? t('todo.day.yesterday')
          : days > 1 && days < 7
            ? formats.day(due.date, 'weekday')
            : formats.day(due.date, due.date.slice(0, 4) === today.slice(0, 4) ? 'short' : 'medium');
  return due.time ? t('todo.due.at', { day, time: formats.clock(due.time) }) : day;
}
