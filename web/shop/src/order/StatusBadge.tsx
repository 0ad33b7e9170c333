import { useI18n } from '@slipway/ui';
import type { OrderStatus } from '../wire/types.ts';

const tones: Readonly<Record<string, string>> = {
  confirmed: 'success',
  processing: 'success',
  shipped: 'success',
  delivered: 'success',
  cancelled: 'danger',
  failed: 'danger',
  refunded: 'warning',
};

/** A status that this page does not know yet is shown as the service wrote it. */
export function StatusBadge({ status }: { readonly status: OrderStatus }) {
  const { t, has } = useI18n();
  const key = `shop.status.${status}`;
  return (
    <span className="badge" data-tone={tones[status]}>
      {has(key) ? t(key) : status}
    </span>
  );
}
