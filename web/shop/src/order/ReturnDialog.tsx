import { Banner, Button, Dialog, explain, Select, useI18n, useToasts } from '@slipway/ui';
import { useRef, useState } from 'react';
import { useShop } from '../session/SessionContext.tsx';
import { minor } from '@slipway/ui/read';
import type { OrderDialogProps } from './CancelOrder.tsx';

const reasons = ['changed_mind', 'damaged', 'wrong_item', 'not_as_described', 'other'] as const;

/** Which pieces go back, and how much money comes back for them. */
export function ReturnDialog({ order, token, onClose, onDone }: OrderDialogProps) {
  const i18n = useI18n();
  const { t, formats } = i18n;
  const { client } = useShop();
  const toasts = useToasts();
  const key = useRef(crypto.randomUUID());
  const [counts, setCounts] = useState<Readonly<Record<string, number>>>({});
  const [reason, setReason] = useState<string>('changed_mind');
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const open = order.items.filter((line) => line.quantity > line.returned);
  const chosen = open
    .map((line) => ({ sku: line.sku, quantity: counts[line.sku] ?? 0, price: line.unitPrice }))
    .filter((line) => line.quantity > 0);
  const amount = chosen.reduce((sum, line) => sum + minor(line.price) * line.quantity, 0);

  const send = async () => {
    if (chosen.length === 0) {
      setFailure(t('shop.return.nothing'));
      return;
    }
    setBusy(true);
    setFailure(null);
    try {
      await client.returnLines(
        order.id,
        chosen.map(({ sku, quantity }) => ({ sku, quantity })),
        reason,
        key.current,
        token,
      );
      toasts.show({ text: t('shop.return.done', { amount: formats.money(amount, order.currency) }) });
      onDone();
    } catch (error) {
      setFailure(explain(error, i18n));
      setBusy(false);
    }
  };
  const footer = (
    <>
      <Button look="quiet" onClick={onClose}>
        {t('ui.action.cancel')}
      </Button>
      <Button look="primary" busy={busy} onClick={() => void send()}>
        {t('shop.return.send')}
      </Button>
    </>
  );
  return (
    <Dialog open onClose={onClose} title={t('shop.return.action')} footer={footer}>
      {failure && <Banner tone="danger">{failure}</Banner>}
      <p>{t('shop.return.text')}</p>
      {open.map((line) => (
        <Select
          key={line.sku}
          label={line.name}
          value={String(counts[line.sku] ?? 0)}
          onChange={(value) => setCounts((all) => ({ ...all, [line.sku]: Number(value) }))}
          options={Array.from({ length: line.quantity - line.returned + 1 }, (_, count) => ({
            value: String(count),
            label: t('shop.return.pieces', { count }),
          }))}
        />
      ))}
      <Select
        label={t('shop.return.reason')}
        value={reason}
        onChange={setReason}
        options={reasons.map((value) => ({ value, label: t(`shop.return.reason.${value}`) }))}
      />
      <p aria-live="polite">
        <strong>{t('shop.return.amount', { amount: formats.money(amount, order.currency) })}</strong>
      </p>
    </Dialog>
  );
}
