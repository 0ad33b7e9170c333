import { Button, Dialog, EmptyState, ErrorState, Input, Link, Skeleton, Table, useI18n, useSearch, useToasts } from '@slipway/ui';
import { useRef, useState } from 'react';
import { type Check, readAmount, required, useForm } from '../page/form.ts';
import { FormShell } from '../page/FormShell.tsx';
import { useShop } from '../session/SessionContext.tsx';
import { useLoad } from '@slipway/ui/load';
import { Money } from '../shell/Money.tsx';
import { PageHead } from '../shell/PageHead.tsx';
import { SignInFirst } from '../shell/SignInFirst.tsx';
import { minor } from '@slipway/ui/read';
import type { Payment } from '../wire/types.ts';
import { AdminNav } from './AdminNav.tsx';

export function PaymentsPage() {
  return (
    <SignInFirst as="admin">
      <AllPayments />
    </SignInFirst>
  );
}

function AllPayments() {
  const { t, has, formats } = useI18n();
  const { client } = useShop();
  const [search, setSearch] = useSearch();
  const cursor = search.get('cursor') ?? '';
  const { data, error, reload } = useLoad(() => client.payments({ limit: 50, cursor: cursor || undefined }), cursor);
  const [refunding, setRefunding] = useState<Payment | null>(null);
  const status = (one: string) => (has(`shop.payment.status.${one}`) ? t(`shop.payment.status.${one}`) : one);
  return (
    <>
      <PageHead title={t('shop.admin.payments')} lead={t('shop.admin.payments.lead')} />
      <AdminNav />
      {!data && error ? (
        <ErrorState error={error} onRetry={reload} />
      ) : !data ? (
        <Skeleton lines={8} />
      ) : data.items.length === 0 ? (
        <EmptyState icon="card" title={t('shop.admin.payments.none')} />
      ) : (
        <>
          <Table
            caption={t('shop.admin.payments')}
            hideCaption
            rows={data.items}
            rowKey={(payment) => payment.id}
            columns={[
              { id: 'at', header: t('shop.payment.at'), cell: (payment) => formats.instant(payment.createdAt, 'dateTime') },
              {
                id: 'order',
                header: t('shop.order'),
                cell: (payment) => <Link to={`/admin/orders/${payment.orderId}`}>{t('shop.admin.showOrder')}</Link>,
              },
              { id: 'card', header: t('shop.payment.card'), cell: (payment) => payment.card ?? '' },
              { id: 'status', header: t('shop.order.status'), cell: (payment) => status(payment.status) },
              {
                id: 'refunded',
                header: t('shop.totals.refunded'),
                numeric: true,
                cell: (payment) => <Money amount={payment.refunded} currency={payment.currency} />,
              },
              {
                id: 'amount',
                header: t('shop.totals.total'),
                numeric: true,
                cell: (payment) => <Money amount={payment.amount} currency={payment.currency} />,
              },
              {
                id: 'refund',
                header: t('shop.refund.title'),
                cell: (payment) =>
                  mayRefund(payment) && (
                    <Button look="quiet" onClick={() => setRefunding(payment)}>
                      {t('shop.refund.action')}
                    </Button>
                  ),
              },
            ]}
          />
          {data.next && <Button onClick={() => setSearch({ cursor: data.next })}>{t('shop.more')}</Button>}
        </>
      )}
      {refunding && (
        <RefundDialog
          payment={refunding}
          onClose={() => setRefunding(null)}
          onDone={() => {
            setRefunding(null);
            reload();
          }}
        />
      )}
    </>
  );
}

const mayRefund = (payment: Payment) => minor(payment.refunded) < minor(payment.captured);

interface Values extends Readonly<Record<string, string>> {
  readonly amount: string;
  readonly reason: string;
}

interface RefundDialogProps {
  readonly payment: Payment;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function RefundDialog({ payment, onClose, onDone }: RefundDialogProps) {
  const { t, formats } = useI18n();
  const { client } = useShop();
  const toasts = useToasts();
  const key = useRef(crypto.randomUUID());
  const open = minor(payment.captured) - minor(payment.refunded);
  const check: Check<Values> = ({ amount }) => {
    const wanted = readAmount(amount);
    return wanted && minor(wanted) <= open ? null : 'shop.mistake.refund';
  };
  const form = useForm<Values>({ amount: (open / 100).toFixed(2), reason: '' }, { amount: check, reason: required('reason') });
  const send = form.submit(async ({ amount, reason }) => {
    await client.refund(payment.id, readAmount(amount) ?? 0, reason.trim(), key.current);
    toasts.show({ text: t('shop.refund.done') });
    onDone();
  });
  return (
    <Dialog open onClose={onClose} title={t('shop.refund.title')} size="small">
      <p>{t('shop.refund.text', { amount: formats.money(open, payment.currency) })}</p>
      <FormShell form={form} onSubmit={send} label={t('shop.refund.title')}>
        <Input {...form.field('amount', t('shop.refund.amount'))} inputMode="decimal" maxLength={10} required />
        <Input {...form.field('reason', t('shop.stock.reason'))} maxLength={200} required />
        <Button type="submit" look="danger" busy={form.busy}>
          {t('shop.refund.action')}
        </Button>
      </FormShell>
    </Dialog>
  );
}
