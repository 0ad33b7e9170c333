import { Banner, Button, EmptyState, ErrorState, Link, navigate, Skeleton, signInUrl, useI18n } from '@slipway/ui';
import { useMemo, useRef, useState } from 'react';
import { useCart } from '../cart/CartContext.tsx';
import { Totals } from '../cart/Totals.tsx';
import { keepGuestOrder } from '../order/guestOrders.ts';
import { FormShell } from '../page/FormShell.tsx';
import { useForm } from '../page/form.ts';
import { useShop } from '../session/SessionContext.tsx';
import { Money } from '../shell/Money.tsx';
import { PageHead } from '../shell/PageHead.tsx';
import { readExpiry, tokenise } from '../wire/card.ts';
import { shippingFor } from '../wire/client.ts';
import { minor } from '@slipway/ui/read';
import type { Cart } from '../wire/types.ts';
import { AddressFields, ContactFields } from './AddressFields.tsx';
import { CheckoutAttempt } from './attempt.ts';
import { type CheckoutValues, checkoutChecks, fieldOfPath } from './checks.ts';
import { PaymentFields } from './PaymentFields.tsx';

export function CheckoutPage() {
  const { t } = useI18n();
  const { known } = useShop();
  const { cart, error, reload } = useCart();
  if (!cart || !known) {
    return (
      <>
        <PageHead title={t('shop.checkout.title')} />
        {error && !cart ? <ErrorState error={error} onRetry={() => void reload()} /> : <Skeleton lines={8} />}
      </>
    );
  }
  if (cart.lines.length === 0) {
    return (
      <>
        <PageHead title={t('shop.checkout.title')} />
        <EmptyState
          icon="cart"
          title={t('shop.cart.empty.title')}
          action={
            <Link to="/" className="button" data-look="primary">
              {t('shop.cart.empty.action')}
            </Link>
          }
        />
      </>
    );
  }
  return <CheckoutForm cart={cart} />;
}

function CheckoutForm({ cart }: { readonly cart: Cart }) {
  const { t } = useI18n();
  const { client, neighbours, user } = useShop();
  const { customerId, reload } = useCart();
  const checks = useMemo(() => checkoutChecks(() => new Date()), []);
  const attempt = useRef(new CheckoutAttempt());
  const cardToken = useRef<{ readonly of: string; readonly token: string } | null>(null);
  const [unanswered, setUnanswered] = useState(false);
  const form = useForm<CheckoutValues>(
    {
      email: user?.email ?? '',
      name: user && user.name !== user.email ? user.name : '',
      street: '',
      postalCode: '',
      city: '',
      country: 'DE',
      method: 'test',
      token: 'tok_success',
      cardNumber: '',
      expiry: '',
      code: '',
    },
    checks,
  );

  // The same card is one token, so that trying again is the same order and not a second one.
  const tokenOf = async (values: CheckoutValues): Promise<string> => {
    if (values.method !== 'card') return values.token;
    const of = `${values.cardNumber}|${values.expiry}|${values.code}`;
    if (cardToken.current?.of === of) return cardToken.current.token;
    const expiry = readExpiry(values.expiry, new Date());
    const token = await tokenise(neighbours.paymentProvider, {
      number: values.cardNumber,
      month: expiry?.month ?? '',
      year: expiry?.year ?? '',
      code: values.code.trim(),
    });
    cardToken.current = { of, token };
    return token;
  };

  const place = form.submit(async (values) => {
    const token = await tokenOf(values);
    const purchase = {
      customerId,
      email: values.email.trim(),
      token,
      address: {
        name: values.name.trim(),
        street: values.street.trim(),
        city: values.city.trim(),
        postalCode: values.postalCode.trim(),
        country: values.country,
      },
    };
    try {
      const lines = cart.lines.map((line) => [line.sku, line.quantity, line.price]);
      const placed = await attempt.current.send({ ...purchase, lines }, (key) => client.checkOut(purchase, key));
      if (placed.guestToken) keepGuestOrder(placed.orderId, placed.guestToken);
      void reload();
      navigate(`/confirmation/${placed.orderId}`);
    } finally {
      setUnanswered(attempt.current.isOpen);
    }
  }, fieldOfPath);

  const total = (minor(cart.total) + minor(cart.shipping ?? shippingFor(cart.total))) / 100;
  return (
    <>
      <PageHead title={t('shop.checkout.title')} />
      {!user && (
        <p className="lead">
          {t('shop.checkout.guest')} <a href={signInUrl('/checkout')}>{t('shop.checkout.signIn')}</a>
        </p>
      )}
      <div className="two-columns">
        <FormShell form={form} onSubmit={place} label={t('shop.checkout.title')}>
          {unanswered && <Banner tone="warning">{t('shop.checkout.unanswered')}</Banner>}
          <ContactFields field={form.field} />
          <AddressFields field={form.field} />
          <PaymentFields form={form} />
          <Button type="submit" look="primary" icon="lock" busy={form.busy} wide>
            {t('shop.checkout.pay')} <Money amount={total} currency={cart.currency} />
          </Button>
          <p className="summary-note">{t('shop.checkout.note')}</p>
        </FormShell>
        <aside className="summary" aria-label={t('shop.totals.title')}>
          <ul className="summary-lines">
            {cart.lines.map((line) => (
              <li key={line.sku}>
                <span>{t('shop.order.line', { count: line.quantity, name: line.name })}</span>
                <Money amount={line.subtotal} currency={cart.currency} />
              </li>
            ))}
          </ul>
          <Totals cart={cart} />
        </aside>
      </div>
    </>
  );
}
