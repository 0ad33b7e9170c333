import type { Api, ApiRequest, QueryValue } from '@slipway/ui';
import { list, minor, record, text, textOrNull } from '@slipway/ui/read';
import {
  stockHint,
  toCart,
  toCategory,
  toOrder,
  toPayment,
  toPlaced,
  toPrices,
  toProduct,
  toSaga,
  toSearchResult,
  toStock,
  toTimeline,
  toVendorLine,
} from './shapes.ts';
import type { Address, Cart, Category, Neighbours, Order, Paged, Payment, Placed, Product, Stock, StockHint, VendorLine } from './types.ts';

export type Service = 'catalog' | 'inventory' | 'orders' | 'payments' | 'cart';
type Query = Readonly<Record<string, QueryValue | readonly string[]>>;

export interface Purchase {
  readonly customerId: string;
  readonly address: Address;
  readonly email: string;
  readonly token: string;
}

export interface ProductDraft {
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly active: boolean;
}

/**
 * The shop's services as the page uses them. Whoever is signed in calls through the session (`/my/…`), which adds their token; everybody
 * else calls `/store/…`, the same services without one.
 */
export class ShopClient {
  #categories: Promise<readonly Category[]> | null = null;

  constructor(
    readonly api: Api,
    readonly signedIn: () => boolean,
  ) {}

  at(service: Service, path: string): string {
    return this.signedIn() ? `/my/${service}${path}` : `/store${path}`;
  }

  async neighbours(): Promise<Neighbours> {
    const answer = record(await this.api('/settings.json'));
    return { paymentProvider: text(answer.paymentProvider), accounts: text(answer.accounts) };
  }

  // Products are the same for everybody, and the public answers are cached.
  search = async (query: Query, signal?: AbortSignal) => toSearchResult(await this.api('/store/products/search', { query, signal }));
  prices = async (id: string) => toPrices(await this.api(`/store/products/${encodeURIComponent(id)}/prices`));

  /** By its id or by the SKU of one of its variants. */
  async product(name: string): Promise<Product> {
    const path = isId(name) ? name : `sku/${encodeURIComponent(name)}`;
    return toProduct(await this.api(`/store/products/${path}`));
  }

  /** They hardly change; one reading serves the whole visit. */
  categories(): Promise<readonly Category[]> {
    this.#categories ??= this.api('/store/products/categories').then(
      (answer) => list(record(answer).items).map(toCategory),
      (failure: unknown) => {
        this.#categories = null;
        throw failure;
      },
    );
    return this.#categories;
  }

  async suggest(q: string, german: boolean, signal?: AbortSignal): Promise<readonly string[]> {
    const answer = record(await this.api('/store/products/suggest', { query: { q }, signal }));
    return list(answer.items).map((item) => (german && text(item.textDe)) || text(item.text));
  }

  async stockHints(skus: readonly string[]): Promise<ReadonlyMap<string, StockHint>> {
    const answer = record(await this.api('/store/inventory/stock', { query: { sku: skus } }));
    const hints = new Map<string, StockHint>();
    for (const item of list(answer.items)) {
      const hint = stockHint(item.stock);
      if (hint) hints.set(text(item.sku), hint);
    }
    return hints;
  }

  cart = async (id: string) => toCart(await this.api(this.at('cart', `/cart/${encodeURIComponent(id)}`)));

  async addToCart(id: string, product: { sku: string; name: string; price: number }, quantity: number, key: string): Promise<Cart> {
    const body = { customer_id: id, product_id: product.sku, product_name: product.name, price: product.price, quantity };
    return toCart(await this.api(this.at('cart', '/cart/items'), { method: 'POST', body, idempotencyKey: key }));
  }

  async setQuantity(id: string, sku: string, quantity: number): Promise<Cart> {
    const path = `/cart/${encodeURIComponent(id)}/items/${encodeURIComponent(sku)}`;
    return toCart(await this.api(this.at('cart', path), { method: 'PUT', body: { quantity } }));
  }

  async removeFromCart(id: string, sku: string): Promise<void> {
    await this.api(this.at('cart', `/cart/${encodeURIComponent(id)}/items/${encodeURIComponent(sku)}`), { method: 'DELETE' });
  }

  mergeCart = async (from: string) => toCart(await this.api(this.at('cart', '/cart/merge'), { method: 'POST', body: { from } }));

  async checkOut(purchase: Purchase, key: string): Promise<Placed> {
    const { address } = purchase;
    const body = {
      customer_id: purchase.customerId,
      email: purchase.email,
      shipping_address: {
        name: address.name,
        street: address.street,
        city: address.city,
        postal_code: address.postalCode,
        country: address.country,
      },
      payment: { method: 'card', token: purchase.token },
    };
    const request: ApiRequest = { method: 'POST', body, idempotencyKey: key, timeoutMs: 30_000 };
    return toPlaced(await this.api(this.at('cart', '/cart/checkout'), request));
  }

  async orders(query: Query): Promise<Paged<Order>> {
    return toPage(await this.api(this.at('orders', '/orders'), { query }), toOrder);
  }

  order = async (id: string, guest?: string) => toOrder(await this.api(this.at('orders', `/orders/${id}`), { headers: asGuest(guest) }));

  timeline = async (id: string, guest?: string) =>
    toTimeline(await this.api(this.at('orders', `/orders/${id}/events`), { headers: asGuest(guest) }));

  saga = async (id: string, guest?: string) => toSaga(await this.api(this.at('orders', `/orders/${id}/saga`), { headers: asGuest(guest) }));

  cancel = async (id: string, key: string, guest?: string) =>
    this.api(this.at('orders', `/orders/${id}/cancel`), { method: 'POST', body: {}, idempotencyKey: key, headers: asGuest(guest) });

  returnLines = async (id: string, lines: readonly { sku: string; quantity: number }[], reason: string, key: string, guest?: string) =>
    this.api(this.at('orders', `/orders/${id}/returns`), {
      method: 'POST',
      body: { lines, reason },
      idempotencyKey: key,
      headers: asGuest(guest),
    });

  setOrderStatus = async (id: string, status: string) =>
    this.api(this.at('orders', `/orders/${id}/status`), { method: 'PUT', body: { status } });

  vendorLines = async (query: Query): Promise<Paged<VendorLine>> =>
    toPage(await this.api(this.at('orders', '/orders/vendor-lines'), { query }), toVendorLine);

  payments = async (query: Query): Promise<Paged<Payment>> =>
    toPage(await this.api(this.at('payments', '/payments'), { query }), toPayment);

  refund = async (id: string, amount: number, reason: string, key: string) =>
    this.api(this.at('payments', `/payments/${id}/refund`), { method: 'POST', body: { amount, reason }, idempotencyKey: key });

  /** Also what is not for sale, which only its vendor is shown. */
  ownProducts = async (vendor: string, page: number, pageSize: number) =>
    toSearchResult(await this.api(this.at('catalog', '/products'), { query: { vendor, active: 'all', page, pageSize } }));

  /** A vendor's own product with the version that a change has to name. */
  async ownProduct(id: string): Promise<{ product: Product; etag: string | null }> {
    const reply = await this.api.reply(this.at('catalog', `/products/${id}`));
    return { product: toProduct(reply.body), etag: reply.etag };
  }

  createProduct = async (draft: ProductDraft & { sku: string; price: number }, key: string) =>
    toProduct(
      await this.api(this.at('catalog', '/products'), { method: 'POST', body: { ...draft, currency: 'EUR' }, idempotencyKey: key }),
    );

  /** Replaces the words; what the form does not show goes back as it came. */
  updateProduct = async (product: Product, draft: ProductDraft, etag: string | null) => {
    const { german } = product;
    const body = {
      ...draft,
      attributes: product.attributes,
      variants: product.variants.map(({ sku, name, price, currency, attributes }) => ({ sku, name, price, currency, attributes })),
      translations: german.name || german.description ? { de: german } : undefined,
    };
    const path = this.at('catalog', `/products/${product.id}`);
    return toProduct(await this.api(path, { method: 'PUT', body, ifMatch: etag ?? undefined }));
  };

  setPrice = async (id: string, sku: string, price: number, etag: string | null) =>
    toProduct(
      await this.api(this.at('catalog', `/products/${id}/price`), { method: 'PATCH', body: { sku, price }, ifMatch: etag ?? undefined }),
    );

  deleteProduct = async (id: string, etag: string | null) =>
    this.api<void>(this.at('catalog', `/products/${id}`), { method: 'DELETE', ifMatch: etag ?? undefined });

  setImage = async (id: string, image: Blob, etag: string | null) =>
    this.api(this.at('catalog', `/products/${id}/image`), {
      method: 'PUT',
      body: image,
      contentType: image.type,
      ifMatch: etag ?? undefined,
      timeoutMs: 60_000,
    });

  stock = async (sku: string): Promise<Stock> => toStock(await this.api(this.at('inventory', `/inventory/${encodeURIComponent(sku)}`)));

  adjustStock = async (sku: string, delta: number, reason: string, key: string) =>
    this.api(this.at('inventory', `/inventory/${encodeURIComponent(sku)}/adjust`), {
      method: 'POST',
      body: { delta, reason },
      idempotencyKey: key,
    });
}

const isId = (name: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name);

export const asGuest = (token: string | undefined): Record<string, string> => (token ? { 'X-Guest-Token': token } : {});

function toPage<T>(answer: unknown, toItem: (value: unknown) => T): Paged<T> {
  const raw = record(answer);
  return { items: list(raw.items).map(toItem), next: textOrNull(record(raw.page).next) };
}

export const shippingFree = 50;
export const shippingFee = 4.9;

/** The shop's shipping rule, for telling the buyer before there is an order; what is paid is what the order says. */
export function shippingFor(total: number): number {
  return total === 0 || minor(total) >= minor(shippingFree) ? 0 : shippingFee;
}

/** What is inside a price that includes tax: 19 of every 119. */
export function includedTax(total: number, percent = 19): number {
  return Math.round((minor(total) * percent) / (100 + percent)) / 100;
}
