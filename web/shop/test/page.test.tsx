import { Providers } from '@slipway/ui';
import { accessibilityFindings } from '@slipway/ui/testing';
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { App } from '../src/App.tsx';
import { catalogues } from '../src/texts/catalogues.ts';
import { aCart, aFullCart, aLine, aNetwork, anOrder, aProduct, aStream, json, problem, signedInAs, withCart } from './builders.ts';

afterEach(() => vi.unstubAllGlobals());

function open(address: string, locale = 'en') {
  window.history.replaceState(null, '', address);
  return render(
    <Providers catalogues={catalogues} locale={locale} timeZone="UTC">
      <App />
    </Providers>,
  );
}

const fill = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));

describe('the catalogue', () => {
  test('shows products, prices and filters, free of barriers', async () => {
    withCart(aNetwork({}), () => aCart());
    const { container } = open('/');
    expect(await screen.findByText('Harbour mug')).toBeTruthy();
    expect(screen.getByText('€12.00')).toBeTruthy();
    expect(screen.getAllByText('2 products').length).toBeGreaterThan(0);
    expect(await accessibilityFindings(container)).toEqual([]);
  });

  test('says what it searched for instead of a word nobody knows', async () => {
    const network = aNetwork({
      'GET /store/products/search': json({
        items: [aProduct()],
        total: 1,
        page: 1,
        pageSize: 24,
        facets: [],
        corrections: [{ from: 'harbuor', to: ['harbour'] }],
      }),
    });
    withCart(network, () => aCart());
    open('/?q=harbuor');
    expect(await screen.findByText(/Showing results for “harbour”/)).toBeTruthy();
    expect(screen.getByText('Nothing is called “harbuor”.')).toBeTruthy();
    expect(network.asked('GET /store/products/search')[0]?.query.get('q')).toBe('harbuor');
  });

  test('keeps what is filtered in the address and begins again with the first page', async () => {
    const network = aNetwork({});
    withCart(network, () => aCart());
    open('/?page=3');
    fireEvent.click(await screen.findByLabelText(/^Tableware/));
    await waitFor(() => expect(window.location.search).toBe('?category=tableware'));
    fill('From €', '10,50');
    press('Apply');
    await waitFor(() => expect(network.asked('GET /store/products/search').at(-1)?.query.get('minPrice')).toBe('10.50'));
    expect(window.location.search).toContain('minPrice=10.50');
  });

  test('that cannot be read says why, with the trace, and can be asked again', async () => {
    const network = aNetwork({
      'GET /store/products/search': problem(403, 'closed', { detail: 'The shop is closed.', traceId: 'trace-9' }),
    });
    withCart(network, () => aCart());
    open('/');
    expect(await screen.findByText('The shop is closed.')).toBeTruthy();
    expect(screen.getByText('trace-9')).toBeTruthy();
    network.plan.set('GET /store/products/search', json({ items: [], total: 0, facets: [] }));
    press('Try again');
    expect(await screen.findByText('The shelves are empty')).toBeTruthy();
  });

  test('speaks German', async () => {
    withCart(aNetwork({}), () => aCart());
    open('/', 'de');
    expect((await screen.findAllByText('2 Produkte')).length).toBeGreaterThan(0);
    expect(screen.getByText(/12,00/)).toBeTruthy();
  });
});

describe('a product', () => {
  const mug = aProduct();
  const routes = {
    [`GET /store/products/${mug.id}`]: json(mug),
    [`GET /store/products/${mug.id}/prices`]: json({
      items: [
        { sku: 'MUG-01', price: 20, currency: 'EUR', changedAt: '2026-10-01T00:00:00Z' },
        { sku: 'MUG-01', price: 18.5, currency: 'EUR', changedAt: '2026-11-01T00:00:00Z' },
      ],
    }),
  };

  test('has variants with prices of their own and goes into the cart, whose count is said in the header', async () => {
    const network = aNetwork(routes);
    let cart: object = aCart();
    const { id } = withCart(network, () => cart);
    network.plan.set('POST /store/cart/items', (call) => {
      cart = aCart({ items: [aLine({ product_id: 'MUG-02', quantity: 1, subtotal: 21, price: 21 })], total_items: 1, total_amount: 21 });
      return call.headers.get('idempotency-key') ? json(cart, 201) : problem(400, 'keyMissing');
    });
    const { container } = open(`/products/${mug.id}`);
    expect(await screen.findByRole('heading', { name: 'Harbour mug' })).toBeTruthy();
    expect(await accessibilityFindings(container)).toEqual([]);
    fireEvent.click(screen.getByLabelText('Grey'));
    expect(screen.getByText('€21.00')).toBeTruthy();
    press('Add to cart');
    expect(await screen.findByRole('link', { name: 'Cart, 1 item' })).toBeTruthy();
    expect(network.asked('POST /store/cart/items')[0]?.body).toEqual({
      customer_id: id,
      product_id: 'MUG-02',
      product_name: 'Harbour mug',
      price: 21,
      quantity: 1,
    });
  });

  test('shows a new price while somebody looks at it', async () => {
    const network = aNetwork(routes);
    withCart(network, () => aCart());
    const stream = aStream();
    network.plan.set('STREAM /store/products/events', stream.answer);
    open(`/products/${mug.id}`);
    await screen.findAllByText('€18.50');
    await waitFor(() => expect(stream.readers()).toBeGreaterThan(0));
    network.plan.set(`GET /store/products/${mug.id}`, json(aProduct({ price: 16, variants: [{ ...mug.variants[0], price: 16 }] })));
    stream.push('price', { productId: mug.id });
    expect(await screen.findByText('€16.00')).toBeTruthy();
  });

  test('that is sold out cannot be chosen', async () => {
    const network = aNetwork({ ...routes, 'GET /store/inventory/stock': json({ items: [{ sku: 'MUG-01', stock: 'out', left: 0 }] }) });
    withCart(network, () => aCart());
    open(`/products/${mug.id}`);
    expect(await screen.findByText('Sold out at the moment')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Not available' })).toHaveProperty('disabled', true);
  });
});

describe('the cart', () => {
  test('tells changed prices and what shipping costs', async () => {
    withCart(aNetwork({}), () => aCart({ items: [aLine({ price_changed: { yours: 20, now: 18.5 } })], total_items: 2, total_amount: 37 }));
    const { container } = open('/cart');
    expect(await screen.findByText('The price changed from €20.00 to €18.50.')).toBeTruthy();
    expect(screen.getByText('€4.90')).toBeTruthy();
    expect(screen.getByText('€41.90')).toBeTruthy();
    expect(screen.getByText('€13.00 more and shipping is free.')).toBeTruthy();
    expect(await accessibilityFindings(container)).toEqual([]);
  });

  test('takes one piece more, and gives back what was removed', async () => {
    const network = aNetwork({});
    const { id } = withCart(network, aFullCart);
    network.plan.set(
      `PUT /store/cart/${id}/items/MUG-01`,
      json(aCart({ items: [aLine({ quantity: 3, subtotal: 55.5 })], total_items: 3, total_amount: 55.5 })),
    );
    network.plan.set(`DELETE /store/cart/${id}/items/MUG-01`, json(null, 204));
    network.plan.set('POST /store/cart/items', json(aFullCart(), 201));
    open('/cart');
    fireEvent.click(await screen.findByRole('button', { name: 'One Harbour mug more' }));
    await waitFor(() => expect(screen.getByText('free')).toBeTruthy());
    expect(network.writes()[0]?.body).toEqual({ quantity: 3 });
    press('Remove Harbour mug');
    fireEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(network.asked('POST /store/cart/items')).toHaveLength(1));
  });

  test('of a guest comes along when they sign in', async () => {
    const network = aNetwork({ 'GET /session': signedInAs('customer') });
    localStorage.setItem('shop.guestCart', 'guest-22222222-2222-4222-8222-222222222222');
    withCart(network, aFullCart, 'u1');
    network.plan.set('POST /my/cart/cart/merge', json(aFullCart()));
    open('/cart');
    expect(await screen.findByText('2 items')).toBeTruthy();
    expect(network.asked('POST /my/cart/cart/merge')[0]?.body).toEqual({ from: 'guest-22222222-2222-4222-8222-222222222222' });
    expect(network.asked('POST /my/cart/cart/merge')[0]?.headers.get('x-csrf-token')).toBe('csrf');
    expect(localStorage.getItem('shop.guestCart')).toBeNull();
  });

  test('follows what another tab does to it', async () => {
    const network = aNetwork({});
    let cart: object = aCart();
    const { id } = withCart(network, () => cart);
    const stream = aStream();
    network.plan.set(`STREAM /store/cart/${id}/events`, stream.answer);
    open('/');
    await waitFor(() => expect(stream.readers()).toBeGreaterThan(0));
    cart = aFullCart();
    stream.push('cart.changed');
    expect(await screen.findByRole('link', { name: 'Cart, 2 items' })).toBeTruthy();
  });
});

describe('checkout', () => {
  const address = () => {
    fill('E-mail', 'ann@example.com');
    fill('Full name', 'Ann Lee');
    fill('Street and number', 'Pier 4');
    fill('Postal code', '20457');
    fill('City', 'Hamburg');
  };
  const order = () => fireEvent.click(screen.getByRole('button', { name: /Order and pay/ }));

  test('leads from a summary of mistakes to the fields, and asks nobody before they are mended', async () => {
    const network = aNetwork({});
    withCart(network, aFullCart);
    const { container } = open('/checkout');
    await screen.findByLabelText('E-mail');
    order();
    const summary = await screen.findByText('5 fields need your attention');
    expect(document.activeElement).toBe(summary.closest('.error-summary'));
    expect(await accessibilityFindings(container)).toEqual([]);
    fireEvent.click(within(summary.closest('.error-summary') as HTMLElement).getByText(/^City/));
    expect(document.activeElement).toBe(screen.getByLabelText('City'));
    fill('Postal code', '2045');
    fireEvent.blur(screen.getByLabelText('Postal code'));
    expect(await screen.findByText('This is no postal code of that country.')).toBeTruthy();
    expect(network.writes()).toEqual([]);
  });

  test('sends the same key until somebody has answered, then shows the order and keeps the guest’s way to it', async () => {
    const network = aNetwork({
      'GET /store/orders/o1': json(anOrder()),
      'GET /store/orders/o1/events': json({ items: [] }),
    });
    const { id } = withCart(network, aFullCart);
    network.plan.set('POST /store/cart/checkout', problem(500, 'internal'));
    open('/checkout');
    await screen.findByLabelText('E-mail');
    address();
    order();
    expect(await screen.findByText(/Sending it again is safe/)).toBeTruthy();
    network.plan.set(
      'POST /store/cart/checkout',
      json({ order_id: 'o1', status: 'pending', total_amount: 41.9, items: [], guest_token: 'secret-token' }, 201),
    );
    order();
    expect(await screen.findByRole('heading', { name: 'Thank you for your order' })).toBeTruthy();
    const sent = network.asked('POST /store/cart/checkout');
    expect(new Set(sent.map((call) => call.headers.get('idempotency-key'))).size).toBe(1);
    expect(sent[0]?.body).toEqual({
      customer_id: id,
      email: 'ann@example.com',
      shipping_address: { name: 'Ann Lee', street: 'Pier 4', city: 'Hamburg', postal_code: '20457', country: 'DE' },
      payment: { method: 'card', token: 'tok_success' },
    });
    expect(window.location.pathname).toBe('/confirmation/o1');
    expect(network.asked('GET /store/orders/o1')[0]?.headers.get('x-guest-token')).toBe('secret-token');
  });

  test('gives a card to the provider and to nobody else', async () => {
    const network = aNetwork({ 'POST /v1/tokens': json({ id: 'tok_made' }) });
    withCart(network, aFullCart);
    network.plan.set(
      'POST /store/cart/checkout',
      problem(422, 'invalid', { errors: [{ pointer: '/shipping_address/city', code: 'unknown', detail: 'No such city.' }] }),
    );
    open('/checkout');
    fireEvent.click(await screen.findByLabelText(/^Card/));
    address();
    fill('Card number', '4242 4242 4242 4241');
    fill('Expires (MM/YY)', '12/39');
    fill('Security code', '123');
    order();
    expect((await screen.findAllByText(/This is no card number/)).length).toBeGreaterThan(0);
    fill('Card number', '4242 4242 4242 4242');
    order();
    expect((await screen.findAllByText(/No such city/)).length).toBeGreaterThan(0);
    expect(network.asked('POST /v1/tokens')[0]?.body).toEqual({
      card: { number: '4242424242424242', exp_month: 12, exp_year: 2039, cvc: '123' },
    });
    const others = network.calls.filter((call) => call.path !== '/v1/tokens').map((call) => JSON.stringify(call.body ?? ''));
    expect(others.some((body) => body.includes('4242'))).toBe(false);
    expect(network.asked('POST /store/cart/checkout')[0]?.body).toMatchObject({ payment: { token: 'tok_made' } });
  });
});

describe('an order', () => {
  const guest = {
    'GET /store/orders/o1/events': json({ items: [{ version: 1, kind: 'placed', status: 'pending', at: '2026-11-21T10:00:00Z' }] }),
  };

  test('opens with the key behind the #, which then leaves the address', async () => {
    const network = aNetwork({ ...guest, 'GET /store/orders/o1': json(anOrder()) });
    withCart(network, () => aCart());
    open('/orders/o1#t=key-of-the-guest');
    expect(await screen.findByRole('heading', { name: 'Order R-2026-000123' })).toBeTruthy();
    expect(window.location.hash).toBe('');
    expect(network.asked('GET /store/orders/o1')[0]?.headers.get('x-guest-token')).toBe('key-of-the-guest');
  });

  test('moves while it is looked at, and says so', async () => {
    const network = aNetwork({ ...guest, 'GET /store/orders/o1': json(anOrder()) });
    withCart(network, () => aCart());
    const stream = aStream();
    network.plan.set('STREAM /store/orders/o1/events', stream.answer);
    const { container } = open('/orders/o1#t=key-of-the-guest');
    await screen.findByRole('heading', { name: 'Order R-2026-000123' });
    await waitFor(() => expect(stream.readers()).toBeGreaterThan(0));
    network.plan.set('GET /store/orders/o1', json(anOrder({ status: 'confirmed' })));
    stream.push('order.updated');
    expect(await screen.findByText('Paid and confirmed. We are packing it now.')).toBeTruthy();
    expect(await screen.findByText('The order is now: Confirmed.')).toBeTruthy();
    expect(await accessibilityFindings(container)).toEqual([]);
  });

  test('that was declined shows how far it came and that nothing was kept', async () => {
    const network = aNetwork({ ...guest, 'GET /store/orders/o1': json(anOrder({ status: 'cancelled', cancelReason: 'paymentDeclined' })) });
    withCart(network, () => aCart());
    open('/orders/o1#t=key-of-the-guest');
    expect(await screen.findByText('The order was cancelled')).toBeTruthy();
    expect(screen.getByText(/Your bank declined the payment. Nothing was kept/)).toBeTruthy();
  });

  test('asks the buyer to confirm at the bank, and never follows a script', async () => {
    const network = aNetwork({
      ...guest,
      'GET /store/orders/o1': json(anOrder({ status: 'reserved', actionUrl: 'javascript:alert(1)' })),
    });
    withCart(network, () => aCart());
    open('/orders/o1#t=key-of-the-guest');
    expect((await screen.findByText('Confirm with the bank')).getAttribute('href')).toBe('/orders/o1');
  });

  test('gives back one piece and says what comes back for it', async () => {
    const network = aNetwork({ ...guest, 'GET /store/orders/o1': json(anOrder({ status: 'confirmed' })) });
    withCart(network, () => aCart());
    network.plan.set('POST /store/orders/o1/returns', json({ id: 'r1' }, 201));
    open('/orders/o1#t=key-of-the-guest');
    fireEvent.click(await screen.findByRole('button', { name: 'Return something' }));
    const dialog = await screen.findByRole('dialog');
    fireEvent.click(within(dialog).getByRole('button', { name: 'Return' }));
    expect(await screen.findByText('Choose at least one piece.')).toBeTruthy();
    fireEvent.change(within(dialog).getByLabelText('Harbour mug'), { target: { value: '1' } });
    expect(within(dialog).getByText('You get back €18.50.')).toBeTruthy();
    fireEvent.click(within(dialog).getByRole('button', { name: 'Return' }));
    await waitFor(() => expect(network.writes()[0]?.body).toEqual({ lines: [{ sku: 'MUG-01', quantity: 1 }], reason: 'changed_mind' }));
    expect(network.writes()[0]?.headers.get('x-guest-token')).toBe('key-of-the-guest');
  });

  test('of somebody else is not there', async () => {
    withCart(aNetwork({}), () => aCart());
    open('/orders/o1');
    expect(await screen.findByText('There is nothing at this address')).toBeTruthy();
  });
});

describe('the desks', () => {
  test('of vendors and administrators are closed to everybody else', async () => {
    const network = aNetwork({ 'GET /session': signedInAs('customer') });
    withCart(network, () => aCart(), 'u1');
    open('/vendor');
    expect(await screen.findByText('Not for this account')).toBeTruthy();
  });

  test('a vendor books stock with a reason', async () => {
    const mug = aProduct({ variants: [] });
    const network = aNetwork({
      'GET /session': signedInAs('vendor'),
      [`GET /my/catalog/products/${mug.id}`]: json(mug, 200, { etag: '"3"' }),
      'GET /my/inventory/inventory/MUG-01': json({ sku: 'MUG-01', quantity: 10, reserved: 2, available: 8, version: 1 }),
      'POST /my/inventory/inventory/MUG-01/adjust': json({ sku: 'MUG-01', quantity: 30, reserved: 2, available: 28, version: 2 }),
      [`PATCH /my/catalog/products/${mug.id}/price`]: json(mug),
    });
    withCart(network, () => aCart(), 'u1');
    const { container } = open(`/vendor/products/${mug.id}`);
    expect(await screen.findByText('8')).toBeTruthy();
    expect(await accessibilityFindings(container)).toEqual([]);
    fill('Change', '20');
    fill('Reason', 'arrived');
    press('Book stock');
    await waitFor(() => expect(network.writes()[0]?.body).toEqual({ delta: 20, reason: 'arrived' }));
    fill('Price in euros', '17,90');
    press('Set the price');
    await waitFor(() => expect(network.writes().at(-1)?.body).toEqual({ sku: 'MUG-01', price: 17.9 }));
    expect(network.writes().at(-1)?.headers.get('if-match')).toBe('"3"');
  });

  test('an administrator sees what was undone, as a picture and as a table', async () => {
    const step = (name: string, state: string, compensation: string) => ({
      name,
      state,
      attempts: 1,
      startedAt: null,
      endedAt: null,
      error: null,
      compensation,
    });
    const network = aNetwork({
      'GET /session': signedInAs('admin'),
      'GET /my/orders/orders/o1': json(anOrder({ status: 'cancelled' })),
      'GET /my/orders/orders/o1/events': json({ items: [] }),
      'GET /my/orders/orders/o1/saga': json({
        state: 'cancelled',
        steps: [step('reserve', 'compensated', 'release'), step('pay', 'failed', 'void')],
      }),
    });
    withCart(network, () => aCart(), 'u1');
    const { container } = open('/admin/orders/o1');
    expect(await screen.findByRole('img', { name: 'Reserve stock: undone; Authorise money: failed' })).toBeTruthy();
    expect(screen.getByRole('rowheader', { name: 'Reserve stock' })).toBeTruthy();
    expect(await accessibilityFindings(container)).toEqual([]);
  });

  test('account pages lead to what belongs to the account', async () => {
    const network = aNetwork({ 'GET /session': signedInAs('customer') });
    withCart(network, () => aCart(), 'u1');
    const { container } = open('/account');
    const erase = await screen.findByText('Erase the account');
    expect(erase.closest('a')?.getAttribute('href')).toBe('http://identity.localhost:8080/account/privacy');
    expect(await accessibilityFindings(container)).toEqual([]);
    await act(async () => {});
  });
});
