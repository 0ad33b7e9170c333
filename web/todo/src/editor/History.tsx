import { Button, ErrorState, Skeleton, useI18n } from '@slipway/ui';
import { useCallback, useEffect, useState } from 'react';
import { useClient } from '../contract/ClientContext.tsx';
import type { HistoryEntry, Todo } from '../contract/types.ts';

export function History({ todo }: { readonly todo: Todo }) {
  const { t } = useI18n();
  const [open, setOpen] = useState(false);
  return (
    <section className="history">
      <Button look="quiet" icon="history" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t('todo.history.title')}
      </Button>
      {open && <Entries todo={todo} />}
    </section>
  );
}

function Entries({ todo }: { readonly todo: Todo }) {
  const { t, has, formats } = useI18n();
  const client = useClient();
  const [entries, setEntries] = useState<readonly HistoryEntry[] | null>(null);
  const [error, setError] = useState<unknown>(null);

  const load = useCallback(() => {
    setError(null);
    client.history(todo.id).then((reply) => setEntries(reply.items), setError);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a new version is a new entry.
  }, [client, todo.id, todo.version]);
  useEffect(load, [load]);

  if (error) return <ErrorState error={error} onRetry={load} />;
  if (!entries) return <Skeleton lines={3} />;
  return (
    <ol>
      {entries.map((entry) => {
        const action = entry.action.split('.').at(-1) ?? entry.action;
        const key = `todo.history.action.${action}`;
        const fields = (entry.changes ?? [])
          .map((change) => change.pointer.split('/')[1] ?? '')
          .filter((field) => has(`todo.field.${field}`));
        return (
          <li key={entry.id}>
            <span>
              {t(has(key) ? key : 'todo.history.action.changed', { who: entry.actor?.name || t('todo.history.somebody') })}
              {fields.length > 0 && (
                <span className="history-fields"> {formats.list([...new Set(fields)].map((field) => t(`todo.field.${field}`)))}</span>
              )}
            </span>
            <time dateTime={entry.at}>{formats.instant(entry.at)}</time>
          </li>
        );
      })}
    </ol>
  );
}
