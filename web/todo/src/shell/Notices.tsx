import { explain, useI18n, useToasts } from '@slipway/ui';
import { useEffect, useRef } from 'react';
import { useStore } from '../store/StoreContext.tsx';

/** Says what the store found out later: a refusal, the next occurrence, an undo that came too late. */
export function Notices() {
  const store = useStore();
  const i18n = useI18n();
  const { show } = useToasts();
  const warned = useRef(false);
  useEffect(() => {
    const { t, formats } = i18n;
    store.onNotice = (notice) => {
      if (notice.kind === 'recurred') {
        const day = notice.todo?.due?.date;
        show({ text: t('todo.notice.recurred', { title: notice.todo?.title, day: day ? formats.day(day, 'long') : '' }) });
      } else if (notice.kind === 'undoFailed') {
        show({ text: t('todo.notice.undoFailed', { reason: explain(notice.error, i18n) }), tone: 'danger' });
      } else if (notice.kind === 'notStored') {
        if (!warned.current) show({ text: t('todo.notice.notStored'), tone: 'danger' });
        warned.current = true;
      }
    };
  }, [store, i18n, show]);
  return null;
}
