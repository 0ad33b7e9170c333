import { useI18n } from '@slipway/ui';
import { minor } from '@slipway/ui/read';

export function Money({ amount, currency = 'EUR' }: { readonly amount: number; readonly currency?: string }) {
  const { formats } = useI18n();
  return <span className="money">{formats.money(minor(amount), currency)}</span>;
}
