import { announce, Banner, Button, ErrorSummary, Input, Select, TextArea, useI18n } from '@slipway/ui';
import { type FormEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useClient } from '../contract/ClientContext.tsx';
import { priorities, type Todo } from '../contract/types.ts';
import { useActions, useStore, useTodoState } from '../store/StoreContext.tsx';
import { type Draft, findMistakes, toDraft, toPatch } from './draft.ts';
import { History } from './History.tsx';
import { RecurrenceField } from './RecurrenceField.tsx';
import { RemindersField } from './RemindersField.tsx';
import { Subtasks } from './Subtasks.tsx';
import { TagsField } from './TagsField.tsx';
import { useSuggestions } from './useSuggestions.ts';

/** Everything about one todo. Saving sends what was changed and nothing else, so that others' edits of other fields survive. */
export function Editor({ todo, onClose }: { readonly todo: Todo; readonly onClose: () => void }) {
  const { t } = useI18n();
  const client = useClient();
  const store = useStore();
  const actions = useActions();
  const { lists } = useTodoState();
  const suggestions = useSuggestions();
  const formId = useId();
  // The version the person sees is the one their patch is measured against, even if a newer one arrives while they type.
  const started = useRef(todo);
  const [draft, setDraft] = useState<Draft>(() => toDraft(todo));
  const [attempt, setAttempt] = useState(0);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const list = lists.get(todo.listId);
  const readOnly = list?.role === 'viewer' || todo.deletedAt !== null;
  const patch = useMemo(() => toPatch(draft, started.current, client.timeZone), [draft, client.timeZone]);
  const changed = Object.keys(patch).length > 0;
  const mistakes = findMistakes(draft);
  const movedOn = todo.version > started.current.version && todo.updatedAt !== started.current.updatedAt;

  useEffect(() => {
    // As long as nothing is typed, the newest version is simply shown.
    if (!changed && todo !== started.current) {
      started.current = todo;
      setDraft(toDraft(todo));
    }
  }, [todo, changed]);

  const set = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const touch = (field: string) => setTouched((before) => new Set(before).add(field));
  const errorOf = (field: keyof Draft) => {
    const mistake = mistakes[field];
    return mistake && (attempt > 0 || touched.has(field)) ? t(`todo.mistake.${mistake.code}`, { max: mistake.max }) : null;
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (Object.keys(mistakes).length > 0) {
      setAttempt(attempt + 1);
      return;
    }
    if (changed) {
      const made = await actions.run([{ kind: 'update', todoId: todo.id, patch }], t('todo.done.changed', { count: 1, title: todo.title }));
      if (made.length === 0) return;
    }
    onClose();
  };
  const fields: readonly (keyof Draft)[] = ['title', 'dueDate', 'recurrence', 'reminders', 'category', 'notes'];
  const summary = fields.flatMap((field) => {
    const message = attempt > 0 ? errorOf(field) : null;
    return message ? [{ fieldId: `editor-${field}`, label: t(`todo.field.${field}`), message }] : [];
  });

  return (
    <div className="editor">
      <form id={formId} onSubmit={(event) => void submit(event)} noValidate>
        <ErrorSummary errors={summary} attempt={attempt} />
        {readOnly && <Banner>{todo.deletedAt ? t('todo.editor.inTrash') : t('todo.list.readOnly')}</Banner>}
        {movedOn && changed && <Banner tone="warning">{t('todo.editor.movedOn')}</Banner>}
        <fieldset disabled={readOnly} className="stack">
          <TextArea
            id="editor-title"
            data-autofocus
            label={t('todo.field.title')}
            rows={1}
            value={draft.title}
            maxLength={500}
            error={errorOf('title')}
            onChange={(title) => set({ title: title.replace(/\n/g, ' ') })}
            onBlur={() => touch('title')}
          />
          <div className="pair">
            <Input
              id="editor-dueDate"
              type="date"
              label={t('todo.field.dueDate')}
              value={draft.dueDate}
              error={errorOf('dueDate')}
              onChange={(dueDate) => set({ dueDate })}
            />
            <Input type="time" label={t('todo.field.dueTime')} value={draft.dueTime} onChange={(dueTime) => set({ dueTime })} />
          </div>
          <RecurrenceField
            id="editor-recurrence"
            value={draft.recurrence}
            dueDate={draft.dueDate}
            error={errorOf('recurrence')}
            onChange={(recurrence) => set({ recurrence })}
          />
          <RemindersField
            id="editor-reminders"
            value={draft.reminders}
            error={errorOf('reminders')}
            onChange={(reminders) => set({ reminders })}
          />
          <div className="pair">
            <Select
              label={t('todo.field.priority')}
              value={draft.priority}
              onChange={(value) => set({ priority: value as Draft['priority'] })}
              options={priorities.map((priority) => ({ value: priority, label: t(`todo.priority.${priority}`) }))}
            />
            <Input
              id="editor-category"
              label={t('todo.field.category')}
              value={draft.category}
              maxLength={50}
              list="known-categories"
              error={errorOf('category')}
              onChange={(category) => set({ category })}
            />
          </div>
          <datalist id="known-categories">
            {suggestions.categories.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          <TagsField value={draft.tags} known={suggestions.tags} onChange={(tags) => set({ tags })} />
          {!todo.parentId && (
            <Select
              label={t('todo.field.list')}
              value={todo.listId}
              onChange={(listId) => {
                const target = lists.get(listId);
                void actions.toList([todo], listId, target?.inbox ? t('todo.view.inbox') : (target?.name ?? ''));
              }}
              options={[...lists.values()]
                .filter((option) => option.role !== 'viewer' || option.id === todo.listId)
                .map((option) => ({ value: option.id, label: option.inbox ? t('todo.view.inbox') : option.name }))}
            />
          )}
          <TextArea
            id="editor-notes"
            label={t('todo.field.notes')}
            value={draft.notes}
            maxLength={10_000}
            error={errorOf('notes')}
            onChange={(notes) => set({ notes })}
          />
        </fieldset>
      </form>
      {/* Outside the form, because the line for a new sub-task is a form of its own. */}
      {!todo.parentId && <Subtasks todo={todo} readOnly={readOnly} />}
      <History todo={todo} />
      <div className="editor-foot">
        {!readOnly && (
          <Button
            look="quiet"
            icon="trash"
            onClick={() => {
              void actions.remove([todo]);
              onClose();
            }}
          >
            {t('todo.menu.delete')}
          </Button>
        )}
        {todo.deletedAt && (
          <Button
            icon="undo"
            onClick={() => {
              void store.change({ kind: 'restore', todoId: todo.id });
              announce(t('todo.done.restored', { count: 1, title: todo.title }));
              onClose();
            }}
          >
            {t('todo.menu.restore')}
          </Button>
        )}
        <span className="grow" />
        <Button onClick={onClose}>{t('ui.action.cancel')}</Button>
        {!readOnly && (
          <Button type="submit" form={formId} look="primary">
            {t('todo.editor.save')}
          </Button>
        )}
      </div>
    </div>
  );
}
