import { Button, ErrorState, groupBy, IconButton, useI18n, useSearch } from '@slipway/ui';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { addDays, addMonths, firstWeekday, monthGrid } from '../contract/days.ts';
import type { TodoQuery } from '../contract/query.ts';
import { isOverdue } from '../contract/query.ts';
import type { Todo } from '../contract/types.ts';
import { useActions, useOpenTodo, useToday, useView } from '../store/StoreContext.tsx';
import { NewsPill } from './NewsPill.tsx';

/** As many as fit a cell; the rest is counted and one press away. */
const perDay = 3;

export function Calendar({ query, readOnly }: { readonly query: TodoQuery; readonly readOnly: boolean }) {
  const { t, formats } = useI18n();
  const today = useToday();
  const [search, setSearch] = useSearch();
  const asked = search.get('month') ?? '';
  const month = /^\d{4}-(0[1-9]|1[0-2])$/.test(asked) ? asked : today.date.slice(0, 7);
  const weeks = useMemo(() => monthGrid(month, firstWeekday(formats.locale)), [month, formats.locale]);
  const from = weeks[0]?.[0] ?? month;
  const to = weeks.at(-1)?.[6] ?? month;
  // A month is a span of days, whichever view led here; done things are part of the picture.
  const shown = useView({ ...query, view: query.view === 'inbox' ? 'inbox' : 'all', dueFrom: from, dueTo: to, sort: 'dueAt' });
  const byDay = useMemo(() => groupBy(shown.todos, (todo) => todo.due?.date ?? ''), [shown.todos]);
  const [focusDay, setFocusDay] = useState<string | null>(null);
  const [openDay, setOpenDay] = useState<string | null>(null);
  const [dragged, setDragged] = useState<Todo | null>(null);
  const actions = useActions();
  const cursor =
    focusDay && focusDay >= from && focusDay <= to ? focusDay : today.date >= from && today.date <= to ? today.date : `${month}-01`;

  const go = (months: number) => setSearch({ month: addMonths(month, months) });
  const moveTo = (todo: Todo, day: string) => {
    if (todo.due?.date !== day)
      void actions.patch([todo], { due: { date: day, time: todo.due?.time ?? null, timeZone: todo.due?.timeZone ?? null } });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
    const step = steps[event.key];
    if (step === undefined || !(event.target instanceof HTMLElement) || !event.target.dataset.day) return;
    event.preventDefault();
    const day = addDays(cursor, step);
    setFocusDay(day);
    if (day < from || day > to) setSearch({ month: day.slice(0, 7) });
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-day='${day}']`)?.focus());
  };

  return (
    <div className="calendar-page">
      <div className="calendar-head">
        <h2 aria-live="polite">{formats.day(`${month}-01`, 'month')}</h2>
        <IconButton icon="left" label={t('todo.calendar.previous')} onClick={() => go(-1)} />
        <IconButton icon="right" label={t('todo.calendar.next')} onClick={() => go(1)} />
        <Button look="quiet" onClick={() => setSearch({ month: null })}>
          {t('todo.day.today')}
        </Button>
      </div>
      {shown.view?.error !== null && shown.view?.error !== undefined && shown.todos.length === 0 && (
        <ErrorState error={shown.view.error} onRetry={shown.reload} />
      )}
      <NewsPill count={shown.view?.news ?? 0} onShow={shown.reload} />
      {/* Arrow keys move between the days, which are buttons. */}
      <div className="calendar" onKeyDown={onKeyDown}>
        <table>
          <caption className="sr-only">{t('todo.calendar.caption', { month: formats.day(`${month}-01`, 'month') })}</caption>
          <thead>
            <tr>
              {(weeks[0] ?? []).map((day) => (
                <th key={day} scope="col">
                  <span aria-hidden="true">{formats.day(day, 'weekdayShort')}</span>
                  <span className="sr-only">{formats.day(day, 'weekday')}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeks.map((week) => (
              <tr key={week[0]}>
                {week.map((day) => (
                  <td
                    key={day}
                    data-outside={!day.startsWith(month) || undefined}
                    data-today={day === today.date || undefined}
                    onDragOver={(event) => dragged && event.preventDefault()}
                    onDrop={() => {
                      if (dragged) moveTo(dragged, day);
                      setDragged(null);
                    }}
                  >
                    <button
                      type="button"
                      className="day-number"
                      data-day={day}
                      tabIndex={day === cursor ? 0 : -1}
                      aria-pressed={openDay === day}
                      aria-current={day === today.date ? 'date' : undefined}
                      onFocus={() => setFocusDay(day)}
                      onClick={() => setOpenDay(openDay === day ? null : day)}
                    >
                      <span className="sr-only">
                        {t('todo.calendar.day', {
                          day: formats.day(day, 'long'),
                          count: byDay.get(day)?.length ?? 0,
                        })}
                      </span>
                      <span aria-hidden="true">{Number(day.slice(8))}</span>
                      {(byDay.get(day)?.length ?? 0) > 0 && <span className="day-dot" aria-hidden="true" />}
                    </button>
                    <ul>
                      {(byDay.get(day) ?? []).slice(0, perDay).map((todo) => (
                        <Entry key={todo.id} todo={todo} readOnly={readOnly} onDrag={setDragged} />
                      ))}
                    </ul>
                    {(byDay.get(day)?.length ?? 0) > perDay && (
                      <button type="button" className="day-more" onClick={() => setOpenDay(day)}>
                        {t('todo.calendar.more', { count: (byDay.get(day)?.length ?? 0) - perDay })}
                      </button>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Agenda day={openDay ?? cursor} todos={byDay.get(openDay ?? cursor) ?? []} readOnly={readOnly} />
    </div>
  );
}

function Entry({
  todo,
  readOnly,
  onDrag,
}: {
  readonly todo: Todo;
  readonly readOnly: boolean;
  readonly onDrag: (todo: Todo | null) => void;
}) {
  const { formats } = useI18n();
  const { open } = useOpenTodo();
  const today = useToday();
  return (
    <li
      data-done={todo.completed || undefined}
      data-late={isOverdue(todo, today) || undefined}
      draggable={!readOnly}
      onDragStart={() => onDrag(todo)}
      onDragEnd={() => onDrag(null)}
    >
      <button type="button" className="entry" data-priority={todo.priority} onClick={() => open(todo.id)}>
        {todo.due?.time && <time>{formats.clock(todo.due.time)} </time>}
        {todo.title}
      </button>
    </li>
  );
}

/** The chosen day in full; on a phone it is where the day's todos are read. */
function Agenda({ day, todos, readOnly }: { readonly day: string; readonly todos: readonly Todo[]; readonly readOnly: boolean }) {
  const { t, formats } = useI18n();
  return (
    <section className="agenda" aria-label={formats.day(day, 'long')}>
      <h3>{formats.day(day, 'long')}</h3>
      {todos.length === 0 ? (
        <p>{t('todo.calendar.free')}</p>
      ) : (
        <ul>
          {todos.map((todo) => (
            <Entry key={todo.id} todo={todo} readOnly={readOnly} onDrag={() => {}} />
          ))}
        </ul>
      )}
    </section>
  );
}
