import { Button, ErrorState, Input, ProblemError, Skeleton, useI18n, useToasts } from '@slipway/ui';
import { useRef } from 'react';
import { type Check, required, useForm } from '../page/form.ts';
import { FormShell } from '../page/FormShell.tsx';
import { useShop } from '../session/SessionContext.tsx';
import { useFollow } from '@slipway/ui/live';
import { useLoad } from '@slipway/ui/load';

interface Values extends Readonly<Record<string, string>> {
  readonly delta: string;
  readonly reason: string;
}

const deltaMax = 100_000;
const deltaCheck: Check<Values> = ({ delta }) => {
  const value = Number(delta.trim());
  return delta.trim() && Number.isInteger(value) && value !== 0 && Math.abs(value) <= deltaMax ? null : 'shop.mistake.delta';
};

export function StockPanel({ sku }: { readonly sku: string }) {
  const { t } = useI18n();
  const { client } = useShop();
  const toasts = useToasts();
  const { data, error, reload } = useLoad(() => client.stock(sku), sku);
  useFollow(`/store/inventory/events?sku=${encodeURIComponent(sku)}`, reload);
  const key = useRef(crypto.randomUUID());
  const form = useForm<Values>({ delta: '', reason: '' }, { delta: deltaCheck, reason: required('reason') });
  const save = form.submit(async ({ delta, reason }) => {
    await client.adjustStock(sku, Number(delta), reason.trim(), key.current);
    key.current = crypto.randomUUID();
    form.setValues({ delta: '', reason: '' });
    toasts.show({ text: t('shop.vendor.stockSaved') });
    reload();
  });
  // A product that was just made is known to the warehouse a moment later.
  const unknown = error instanceof ProblemError && error.status === 404;
  return (
    <section className="panel" aria-label={t('shop.stock.of', { sku })}>
      <h2>{t('shop.stock.of', { sku })}</h2>
      {data ? (
        <dl className="numbers" aria-live="polite">
          <div>
            <dt>{t('shop.stock.available')}</dt>
            <dd>{data.available}</dd>
          </div>
          <div>
            <dt>{t('shop.stock.reserved')}</dt>
            <dd>{data.reserved}</dd>
          </div>
          <div>
            <dt>{t('shop.stock.quantity')}</dt>
            <dd>{data.quantity}</dd>
          </div>
        </dl>
      ) : unknown ? (
        <p>{t('shop.stock.unknown')}</p>
      ) : error ? (
        <ErrorState error={error} onRetry={reload} />
      ) : (
        <Skeleton lines={1} />
      )}
      <FormShell form={form} onSubmit={save} label={t('shop.stock.adjust')}>
        <div className="pair">
          <Input {...form.field('delta', t('shop.stock.delta'))} hint={t('shop.stock.deltaHint')} maxLength={7} required />
          <Input {...form.field('reason', t('shop.stock.reason'))} hint={t('shop.stock.reasonHint')} maxLength={200} required />
        </div>
        <Button type="submit" busy={form.busy}>
          {t('shop.stock.adjust')}
        </Button>
      </FormShell>
    </section>
  );
}
