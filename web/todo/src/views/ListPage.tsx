import { IconButton, Skeleton, useI18n, useTitle } from '@slipway/ui';
import { useState } from 'react';
import { ListMenu } from '../sharing/ListMenu.tsx';
import { SharingDialog } from '../sharing/SharingDialog.tsx';
import { useTodoState } from '../store/StoreContext.tsx';
import { ColorDot } from './ColorDot.tsx';
import { NotFound } from './NotFound.tsx';
import { TodoPage } from './TodoPage.tsx';

export function ListPage({ listId }: { readonly listId: string }) {
  const { t } = useI18n();
  const { lists, listsLoaded } = useTodoState();
  const [sharing, setSharing] = useState(false);
  const list = lists.get(listId);
  useTitle(t('todo.page.title', { page: list?.name ?? t('todo.nav.lists') }));
  if (!list) return listsLoaded ? <NotFound /> : <Skeleton lines={6} />;
  return (
    <>
      <TodoPage
        view="all"
        listId={listId}
        title={list.name}
        mark={<ColorDot color={list.color} />}
        subtitle={list.role === 'viewer' ? t('todo.list.readOnly') : list.shared ? t('todo.list.shared') : null}
        readOnly={list.role === 'viewer'}
        actions={
          <>
            <IconButton icon="share" label={t('todo.list.share')} onClick={() => setSharing(true)} />
            <ListMenu list={list} />
          </>
        }
      />
      {sharing && <SharingDialog list={list} onClose={() => setSharing(false)} />}
    </>
  );
}
