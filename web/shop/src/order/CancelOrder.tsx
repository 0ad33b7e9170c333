import { ConfirmDialog, explain, useI18n, useToasts } from '@slipway/ui';
import { useRef, useState } from 'react';
import { useShop } from '../session/SessionContext.tsx';
import type { Order } from '../wire/types.ts';

export interface OrderDialogProps {
  readonly order: Order;
  readonly token: string | undefined;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function CancelOrder({ order, token, onClose, onDone }: OrderDialogProps) {
  const i18n = useI18n();
  const { t } = i18n;
  const { client } = useShop();
  const toasts = useToasts();
  const key = useRef(crypto.randomUUID());
  const [busy, setBusy] = useState(false);
  const cancel = async () => {
    setBusy(true);
    try {
      await client.cancel(order.id, key.current, token);
      toasts.show({ text: t('shop.cancel.done') });
      onDone();
    } catch (error) {
      toasts.show({ text: explain(error, i18n), tone: 'danger' });
      setBusy(false);
    }
  };
  return (
    <ConfirmDialog
      open
      danger
      busy={busy}
      title={t('shop.cancel.title', { number: order.number })}
      action={t('shop.cancel.action')}
      onConfirm={() => void cancel()}
      onClose={onClose}
    >
      <p>{t('shop.cancel.text')}</p>
    </ConfirmDialog>
  );
}
