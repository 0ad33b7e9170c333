import { vi } from 'vitest';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly headers: Headers;
}

export type Answer = Response | Error | ((call: Call) => Response | Error | Promise<Response>);

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(status === 204 ? null : JSON.stringify(body), {
    status,
    headers: { 'content-type': status >= 400 ? 'application/problem+json' : 'application/json', ...headers },
  });

export const problem = (status: number, code: string, more: object = {}) =>
  json({ type: `/problems/${code}`, title: code, status, code, ...more }, status);

/** A stream that stays open; what is pushed arrives as its next event. */
export function aStream() {
  const encoder = new TextEncoder();
  const writers = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const answer = () =>
    new Response(
      new ReadableStream<Uint8Array>({
        start: (controller) => {
          writers.add(controller);
          controller.enqueue(encoder.encode('retry: 2000\n\n'));
        },
      }),
      { headers: { 'content-type': 'text/event-stream' } },
    );
  const push = (type: string, data: unknown = {}) => {
    for (const writer of writers)
      writer.enqueue(encoder.encode(`id: ${crypto.randomUUID()}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`));
  };
  return { answer, push, readers: () => writers.size };
}

const silent = () => new Response(new ReadableStream<Uint8Array>(), { headers: { 'content-type': 'text/event-stream' } });

/** The browser's network for a test: answers by method and path, and remembers what was asked. */
export function aNetwork(routes: Readonly<Record<string, Answer>>) {
  const calls: Call[] = [];
  const plan = new Map<string, Answer>(Object.entries({ ...everyday, ...routes }));
  vi.stubGlobal('fetch', async (input: string, init: RequestInit = {}) => {
    const url = new URL(input, window.location.href);
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : init.body;
    const call: Call = {
      method: init.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      body,
      headers: new Headers(init.headers),
    };
    calls.push(call);
    const streams = call.headers.get('accept') === 'text/event-stream';
    const answer = plan.get(`${streams ? 'STREAM' : call.method} ${call.path}`);
    if (!answer && streams) return silent();
    if (!answer) return problem(404, 'notFound', { detail: `Nobody answers ${call.method} ${call.path}` });
    const given = typeof answer === 'function' ? await answer(call) : answer;
    if (given instanceof Error) throw given;
    return streams ? given : given.clone();
  });
  const asked = (request: string) => calls.filter((call) => `${call.method} ${call.path}` === request);
  const writes = () => calls.filter((call) => call.method !== 'GET');
  return { calls, plan, asked, writes };
}

export const aProduct = (part: object = {}) => ({
  id: '0198f2c4-7d10-7a55-9c1e-2b6f0a9d4e11',
  sku: 'MUG-01',
  name: 'Harbour mug',
  description: 'Stoneware, holds a lot.',
  category: 'tableware',
  price: 18.5,
  currency: 'EUR',
  vendor_id: 'v1',
  imageUrl: null,
  attributes: { material: 'Stoneware' },
  active: true,
  variants: [
    { sku: 'MUG-01', name: 'Blue', price: 18.5, currency: 'EUR', attributes: { colour: 'blue' } },
    { sku: 'MUG-02', name: 'Grey', price: 21, currency: 'EUR', attributes: { colour: 'grey' } },
  ],
  created_at: '2026-11-01T08:00:00.000Z',
  updated_at: '2026-11-01T08:00:00.000Z',
  ...part,
});

export const aCart = (part: object = {}) => ({
  id: 1,
  customer_id: 'guest-1',
  items: [],
  total_items: 0,
  total_amount: 0,
  created_at: '2026-11-01T08:00:00.000Z',
  updated_at: '2026-11-01T08:00:00.000Z',
  ...part,
});

export const aLine = (part: object = {}) => ({
  id: 1,
  product_id: 'MUG-01',
  product_name: 'Harbour mug',
  price: 18.5,
  quantity: 2,
  subtotal: 37,
  stock_hint: 'in_stock',
  ...part,
});

export const aFullCart = () => aCart({ items: [aLine()], total_items: 2, total_amount: 37 });

export const anOrder = (part: object = {}) => ({
  id: 'o1',
  orderNumber: 'R-2026-000123',
  user_id: null,
  status: 'pending',
  items: [{ productId: 'p1', sku: 'MUG-01', name: 'Harbour mug', unitPrice: 18.5, quantity: 2, returned: 0 }],
  subtotal: 37,
  tax: 6.69,
  shipping: 4.9,
  total: 41.9,
  captured: 0,
  refunded: 0,
  currency: 'EUR',
  shippingAddress: { name: 'Ann Lee', street: 'Pier 4', city: 'Hamburg', postalCode: '20457', country: 'DE', email: 'ann@example.com' },
  paymentId: null,
  sagaState: 'reserving',
  cancelReason: null,
  actionUrl: null,
  returns: [],
  created_at: '2026-11-21T10:00:00.000Z',
  updated_at: '2026-11-21T10:00:00.000Z',
  ...part,
});

export const signedInAs = (...roles: string[]) =>
  json({ authenticated: true, csrfToken: 'csrf', user: { id: 'u1', name: 'Ann Lee', email: 'ann@example.com', roles } });

const everyday: Readonly<Record<string, Answer>> = {
  'GET /session': json({ authenticated: false }),
  'GET /settings.json': json({ paymentProvider: 'http://payment-sandbox.localhost:8080', accounts: 'http://identity.localhost:8080' }),
  'GET /store/products/search': json({
    items: [aProduct(), aProduct({ id: 'p2', sku: 'POT-01', name: 'Clay pot', variants: [], price: 12 })],
    total: 2,
    page: 1,
    pageSize: 24,
    facets: [{ field: 'category', values: [{ value: 'tableware', label: 'Tableware', count: 2, selected: false }] }],
  }),
  'GET /store/products/suggest': json({ items: [] }),
  'GET /store/inventory/stock': json({ items: [{ sku: 'MUG-01', stock: 'in_stock', left: null }] }),
  'GET /store/products/categories': json({
    items: [
      {
        slug: 'tableware',
        parent: null,
        name: 'Tableware',
        translations: { de: { name: 'Geschirr' } },
        path: ['tableware'],
        position: 0,
        products: 2,
      },
    ],
  }),
};

/** The guest's cart has a name of this browser's own, so its address is matched here. */
export function withCart(network: ReturnType<typeof aNetwork>, cart: () => object, user?: string) {
  const base = user ? '/my/cart/cart' : '/store/cart';
  const id = user ?? 'guest-11111111-1111-4111-8111-111111111111';
  if (!user) localStorage.setItem('shop.guestCart', id);
  network.plan.set(`GET ${base}/${id}`, () => json(cart()));
  return { base, id };
}
