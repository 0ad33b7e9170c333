import { Icon, useI18n } from '@slipway/ui';
import type { Todo } from '../contract/types.ts';

interface DoneButtonProps {
  readonly todo: Todo;
  readonly disabled?: boolean;
  readonly onToggle: () => void;
}

/** Priority is its ring and, in words, part of its name. */
export function DoneButton({ todo, disabled, onToggle }: DoneButtonProps) {
  const { t } = useI18n();
  return (
    // A ring that fills is drawn by hand; role, state and keyboard are those of a checkbox.
    <button
      type="button"
      role="checkbox"
      className="done"
      aria-checked={todo.completed}
      aria-label={t('todo.row.done', { title: todo.title, priority: todo.priority })}
      data-priority={todo.priority}
      disabled={disabled}
      onClick={onToggle}
    >
      <span className="done-ring">{todo.completed && <Icon name="check" size={14} />}</span>
    </button>
  );
}
