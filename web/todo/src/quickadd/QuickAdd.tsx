import { announce, Icon, useI18n } from '@slipway/ui';
import { type FormEvent, useId, useRef, useState } from 'react';
import { newId } from '../contract/ids.ts';
import type { ViewName } from '../contract/query.ts';
import type { Parsed, TodoDraft } from '../contract/types.ts';
import { describeRecurrence } from '../editor/recurrence.ts';
import { useActions, useToday } from '../store/StoreContext.tsx';
import { describeDue } from '../views/TodoMeta.tsx';
import { toSegments } from './segments.ts';
import { usePreview } from './usePreview.ts';

interface QuickAddProps {
  readonly view: ViewName;
  readonly listId?: string;
  readonly parentId?: string;
}

const titleMax = 500;

export function QuickAdd({ view, listId, parentId }: QuickAddProps) {
  const { t, formats } = useI18n();
  const actions = useActions();
  const today = useToday();
  const id = useId();
  const [text, setText] = useState('');
  const marks = useRef<HTMLDivElement>(null);
  const { preview, understand } = usePreview(text);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const typed = text.trim();
    if (!typed) return;
    setText('');
    const parsed = await understand(typed);
    const draft = toDraft(parsed, typed, { listId, parentId, day: view === 'today' && !parentId ? today.date : null });
    const made = await actions.run([{ kind: 'create', todoId: newId(), draft }], null);
    if (made.length === 0) setText(typed);
    else announce(t('todo.quick.added', { title: draft.title }));
  };

  const fieldId = parentId ? `${id}-add` : 'quick-add';
  return (
    <form className="quick" onSubmit={(event) => void submit(event)} data-small={parentId ? true : undefined}>
      <label htmlFor={fieldId} className="sr-only">
        {t(parentId ? 'todo.subtasks.add' : 'todo.quick.label')}
      </label>
      <Icon name="add" />
      <div className="quick-box">
        <div className="quick-marks" aria-hidden="true" ref={marks}>
          {toSegments(text, preview && text.trim() === preview.text ? shifted(preview.parsed, text) : []).map((segment) => (
            <span key={segment.start} data-kind={segment.kind ?? undefined}>
              {segment.text}
            </span>
          ))}
        </div>
        <input
          id={fieldId}
          value={text}
          maxLength={titleMax}
          autoComplete="off"
          enterKeyHint="done"
          placeholder={t(parentId ? 'todo.subtasks.placeholder' : 'todo.quick.placeholder')}
          aria-describedby={preview ? `${id}-preview` : undefined}
          onChange={(event) => setText(event.target.value)}
          onScroll={(event) => {
            if (marks.current) marks.current.scrollLeft = event.currentTarget.scrollLeft;
          }}
          onKeyDown={(event) => {
            // In the editor the second Escape closes the editor, as it does from every other field.
            if (event.key !== 'Escape' || (parentId && !text)) return;
            event.preventDefault();
            if (text) setText('');
            else event.currentTarget.blur();
          }}
        />
      </div>
      <button type="submit" className="button" data-look={text.trim() ? 'primary' : 'quiet'} disabled={!text.trim()}>
        {t('todo.quick.add')}
      </button>
      {preview && hasMeaning(preview.parsed) && (
        <p className="quick-preview" id={`${id}-preview`}>
          <Understood parsed={preview.parsed} today={today.date} />
          {formats.timeZone && preview.parsed.due?.time && <span className="quick-zone">{formats.timeZone}</span>}
        </p>
      )}
    </form>
  );
}

/** “Call the bank · Tomorrow, 09:00 · every month · #money” */
export function Understood({ parsed, today }: { readonly parsed: Parsed; readonly today: string }) {
  const i18n = useI18n();
  const { t } = i18n;
  return (
    <>
      <span className="sr-only">{t('todo.quick.understood')} </span>
      <strong>{parsed.title}</strong>
      {parsed.due && (
        <span data-kind="due">
          <Icon name="calendar" size={14} />
          {describeDue(parsed.due, today, i18n)}
        </span>
      )}
      {parsed.recurrence && (
        <span data-kind="recurrence">
          <Icon name="repeat" size={14} />
          {describeRecurrence(parsed.recurrence, i18n)}
        </span>
      )}
      {parsed.priority !== 'none' && (
        <span data-kind="priority">
          <Icon name="flag" size={14} />
          {t(`todo.priority.${parsed.priority}`)}
        </span>
      )}
      {parsed.category && <span data-kind="category">{parsed.category}</span>}
      {parsed.tags.map((tag) => (
        <span key={tag} data-kind="tag">
          #{tag}
        </span>
      ))}
    </>
  );
}

export function hasMeaning(parsed: Parsed): boolean {
  return Boolean(parsed.due || parsed.recurrence || parsed.category || parsed.tags.length || parsed.priority !== 'none');
}

export function toDraft(parsed: Parsed, typed: string, place: { listId?: string; parentId?: string; day: string | null }): TodoDraft {
  // A line of nothing but tags is still a todo; then the line itself is its title.
  const title = parsed.title || typed;
  const due = parsed.due ?? (place.day ? { date: place.day, time: null, timeZone: null } : null);
  return {
    title,
    ...(place.listId ? { listId: place.listId } : {}),
    ...(place.parentId ? { parentId: place.parentId } : {}),
    ...(due ? { due } : {}),
    ...(parsed.recurrence ? { recurrence: parsed.recurrence } : {}),
    ...(parsed.priority !== 'none' ? { priority: parsed.priority } : {}),
    ...(parsed.tags.length ? { tags: parsed.tags } : {}),
    ...(parsed.category ? { category: parsed.category } : {}),
  };
}

/** Spans count from the trimmed text; what is typed may begin with spaces. */
function shifted(parsed: Parsed, typed: string): Parsed['spans'] {
  const by = typed.length - typed.trimStart().length;
  return by === 0 ? parsed.spans : parsed.spans.map((span) => ({ ...span, start: span.start + by }));
}
