import { Button, EmptyState, ErrorState, Skeleton, useI18n, useTitle } from '@slipway/ui';
import { useCallback, useEffect, useState } from 'react';
import { useClient } from '../contract/ClientContext.tsx';
import type { Todo } from '../contract/types.ts';
import { useStore } from '../store/StoreContext.tsx';
import { type Insights, todosMax, toInsightsRequest } from './findings.ts';
import { InsightsReport } from './InsightsReport.tsx';

/** The analysis runs when asked for: it reads every todo, and nobody should wonder when that happened. */
export function InsightsPage() {
  const { t, locale } = useI18n();
  const client = useClient();
  const store = useStore();
  const [insights, setInsights] = useState<Insights | null>(null);
  const [count, setCount] = useState(0);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  useTitle(t('todo.page.title', { page: t('todo.view.insights') }));

  const analyse = useCallback(async () => {
    setBusy(true);
    setError(null);
    try {
      const todos = await recentTodos(client);
      setCount(todos.length);
      store.learn(todos);
      setInsights(
        todos.length === 0
          ? {}
          : ((await client.insights(toInsightsRequest(todos, locale.split('-')[0] ?? 'en', client.timeZone))) as Insights),
      );
    } catch (reason) {
      setError(reason);
    }
    setBusy(false);
  }, [client, store, locale]);
  useEffect(() => {
    void analyse();
  }, [analyse]);

  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t('todo.view.insights')}</h1>
          <p className="page-subtitle">{t('todo.insights.subtitle', { count, max: todosMax })}</p>
        </div>
        <div className="page-actions">
          <Button busy={busy} onClick={() => void analyse()}>
            {t('todo.insights.again')}
          </Button>
        </div>
      </header>
      {error !== null && <ErrorState error={error} title={t('todo.insights.failed')} onRetry={() => void analyse()} />}
      {!insights && error === null && <Skeleton lines={8} />}
      {insights && count === 0 && (
        <EmptyState icon="insights" title={t('todo.insights.empty.title')}>
          {t('todo.insights.empty.text')}
        </EmptyState>
      )}
      {insights && count > 0 && <InsightsReport insights={insights} />}
    </div>
  );
}

async function recentTodos(client: ReturnType<typeof useClient>): Promise<readonly Todo[]> {
  const todos: Todo[] = [];
  for (const completed of [undefined, true]) {
    const reply = await client.todos({ view: 'all', completed, sort: '-updatedAt' });
    todos.push(...reply.items);
  }
  return todos.slice(0, todosMax);
}
