import { useI18n, useTitle } from '@slipway/ui';
import type { ViewName } from '../contract/query.ts';
import { useToday } from '../store/StoreContext.tsx';
import { EmptyTrash } from './EmptyTrash.tsx';
import { TodoPage } from './TodoPage.tsx';

export function ViewPage({ view }: { readonly view: ViewName }) {
  const { t, formats } = useI18n();
  const today = useToday();
  const title = t(`todo.view.${view}`);
  useTitle(t('todo.page.title', { page: title }));
  return (
    <TodoPage
      view={view}
      title={title}
      subtitle={view === 'today' ? formats.day(today.date, 'long') : view === 'trash' ? t('todo.trash.hint') : null}
      actions={view === 'trash' ? <EmptyTrash /> : null}
    />
  );
}
