import { ConfirmDialog, explain, Menu, type MenuItem, navigate, useI18n, useToasts } from '@slipway/ui';
import { useState } from 'react';
import { useClient } from '../contract/ClientContext.tsx';
import type { List } from '../contract/types.ts';
import { useStore } from '../store/StoreContext.tsx';
import { ListDialog } from './ListDialog.tsx';

export function ListMenu({ list }: { readonly list: List }) {
  const i18n = useI18n();
  const { t } = i18n;
  const client = useClient();
  const store = useStore();
  const { show } = useToasts();
  const [open, setOpen] = useState<'edit' | 'leave' | null>(null);
  const failed = (reason: unknown) => show({ text: explain(reason, i18n), tone: 'danger' });

  // Deleting can be taken back, so it happens at once and offers that.
  const remove = async () => {
    try {
      await client.deleteList(list);
      store.putList({ ...list, deletedAt: new Date().toISOString() });
      navigate('/today');
      const restore = () => client.restoreList(list.id).then((restored) => store.putList(restored), failed);
      show({
        text: t('todo.list.deleted', { name: list.name }),
        key: 'undo',
        action: { label: t('ui.action.undo'), run: () => void restore() },
      });
    } catch (reason) {
      failed(reason);
    }
  };
  const leave = async () => {
    try {
      await client.removeMember(list.id, store.state.userId);
      store.putList({ ...list, deletedAt: new Date().toISOString() });
      navigate('/today');
    } catch (reason) {
      failed(reason);
    }
    setOpen(null);
  };

  const items: MenuItem[] = [];
  if (list.role !== 'viewer') items.push({ id: 'edit', label: t('todo.list.edit'), onSelect: () => setOpen('edit') });
  if (list.role === 'owner')
    items.push({ id: 'delete', label: t('todo.list.delete'), icon: 'trash', danger: true, onSelect: () => void remove() });
  else items.push({ id: 'leave', label: t('todo.list.leave'), danger: true, onSelect: () => setOpen('leave') });
  return (
    <>
      <Menu label={t('todo.list.menu', { name: list.name })} items={items} />
      {open === 'edit' && <ListDialog list={list} onClose={() => setOpen(null)} />}
      <ConfirmDialog
        open={open === 'leave'}
        title={t('todo.list.leave')}
        action={t('todo.list.leave')}
        danger
        onConfirm={() => void leave()}
        onClose={() => setOpen(null)}
      >
        <p>{t('todo.list.leave.text', { name: list.name })}</p>
      </ConfirmDialog>
    </>
  );
}
