import { explain, useI18n, useToasts } from '@slipway/ui';
import { useEffect, useRef } from 'react';
import { dayIn } from '../contract/days.ts';
import { useOpenTodo, useStore } from '../store/StoreContext.tsx';
import { describeDue } from '../views/TodoMeta.tsx';

/** Says what the store found out later: a refusal, the next occurrence, an undo that came too late. */
export function Notices() {
  const store = useStore();
  const i18n = useI18n();
  const { show } = useToasts();
  const { open } = useOpenTodo();
  const warned = useRef(false);
  useEffect(() => {
    const { t, formats } = i18n;
    store.onNotice = (notice) => {
      if (notice.kind === 'recurred') {
        const day = notice.todo?.due?.date;
        show({ text: t('todo.notice.recurred', { title: notice.todo?.title, day: day ? formats.day(day, 'long') : '' }) });
      } else if (notice.kind === 'reminder' && notice.todo) {
        const { id, title, due } = notice.todo;
        // Longer than other messages: it comes unasked, and perhaps nobody is looking.
        show({
          text: t('todo.notice.reminder', {
            title,
            when: due ? describeDue(due, dayIn(formats.timeZone, Date.now()), i18n) : '',
          }),
          key: `reminder-${id}`,
          seconds: 120,
          undoes: false,
          action: { label: t('todo.menu.open'), run: () => open(id) },
        });
      } else if (notice.kind === 'undoFailed') {
        show({ text: t('todo.notice.undoFailed', { reason: explain(notice.error, i18n) }), tone: 'danger' });
      } else if (notice.kind === 'notStored') {
        if (!warned.current) show({ text: t('todo.notice.notStored'), tone: 'danger' });
        warned.current = true;
      }
    };
  }, [store, i18n, show, open]);
  return null;
}
