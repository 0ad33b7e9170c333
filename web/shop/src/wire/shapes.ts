import { list, minor, number, numberOrNull, type Raw, record, text, textOrNull, texts } from '@slipway/ui/read';
import type {
  Address,
  Cart,
  CartLine,
  Category,
  Facet,
  Order,
  Payment,
  Placed,
  PricePoint,
  Product,
  Return,
  Saga,
  SearchResult,
  Stock,
  StockHint,
  TimelineEvent,
  Variant,
  VendorLine,
} from './types.ts';

const currencyOf = (raw: Raw): string => text(raw.currency) || 'EUR';

export function stockHint(value: unknown): StockHint | null {
  return value === 'in_stock' || value === 'low' || value === 'out' ? value : null;
}

/** Pictures are looked at far more often than a program may call, so the page asks for them at its own door. */
const toImage = (value: unknown): string | null => textOrNull(value)?.replace(/^\/api\/v1\//, '/store/') ?? null;

function toVariant(raw: Raw): Variant {
  return {
    sku: text(raw.sku),
    name: textOrNull(raw.name),
    price: number(raw.price),
    currency: currencyOf(raw),
    attributes: texts(raw.attributes),
    stock: stockHint(raw.stock_hint),
  };
}

export function toProduct(value: unknown): Product {
  const raw = record(value);
  const own = toVariant(raw);
  const variants = list(raw.variants).map(toVariant);
  const german = record(record(raw.translations).de);
  return {
    id: text(raw.id),
    sku: own.sku,
    name: text(raw.name),
    description: text(raw.description),
    german: { name: textOrNull(german.name), description: textOrNull(german.description) },
    category: text(raw.category),
    price: own.price,
    currency: own.currency,
    vendorId: text(raw.vendor_id),
    vendorName: textOrNull(raw.vendor_name),
    image: toImage(raw.imageUrl),
    attributes: own.attributes,
    active: raw.active !== false,
    stock: bestOf(variants.map((variant) => variant.stock)),
    variants: variants.length > 0 ? variants : [{ ...own, name: null, attributes: {} }],
    updatedAt: text(raw.updated_at),
  };
}

/** A product can be had as long as one of its variants can. */
function bestOf(hints: readonly (StockHint | null)[]): StockHint | null {
  return (['in_stock', 'low', 'out'] as const).find((hint) => hints.includes(hint)) ?? null;
}

export function toCategory(value: unknown): Category {
  const raw = record(value);
  const path = Array.isArray(raw.path) ? raw.path.map(text) : [];
  return { slug: text(raw.slug), name: text(raw.name), german: textOrNull(record(record(raw.translations).de).name), path };
}

function toFacet(raw: Raw): Facet {
  return {
    field: text(raw.field),
    attribute: textOrNull(raw.attribute),
    values: list(raw.values).map((one) => ({
      value: text(one.value),
      label: text(one.label) || text(one.value),
      count: number(one.count),
      selected: one.selected === true,
    })),
  };
}

export function toSearchResult(value: unknown): SearchResult {
  const raw = record(value);
  const items = list(raw.items).map(toProduct);
  return {
    items,
    total: numberOrNull(raw.total) ?? items.length,
    page: numberOrNull(raw.page) ?? 1,
    pageSize: numberOrNull(raw.pageSize) ?? (items.length || 24),
    facets: list(raw.facets).map(toFacet),
    corrections: list(raw.corrections).map((one) => ({ from: text(one.from), to: Array.isArray(one.to) ? text(one.to[0]) : '' })),
  };
}

export function toPrices(value: unknown): readonly PricePoint[] {
  return list(record(value).items)
    .map((raw) => ({
      sku: text(raw.sku),
      price: number(raw.price),
      currency: currencyOf(raw),
      from: text(raw.changedAt),
    }))
    .sort((left, right) => left.from.localeCompare(right.from));
}

function toCartLine(raw: Raw): CartLine {
  const changed = record(raw.price_changed);
  return {
    sku: text(raw.product_id),
    image: toImage(raw.image_url),
    name: text(raw.product_name),
    price: number(raw.price),
    quantity: number(raw.quantity),
    subtotal: number(raw.subtotal),
    // What is no longer sold cannot be had, however many there are.
    stock: raw.sold === false ? 'out' : stockHint(raw.stock_hint),
    priceChanged: numberOrNull(changed.now) === null ? null : { yours: number(changed.yours), now: number(changed.now) },
  };
}

export function toCart(value: unknown): Cart {
  const raw = record(value);
  const lines = list(raw.items).map(toCartLine);
  return {
    customerId: text(raw.customer_id),
    lines,
    count: numberOrNull(raw.total_items) ?? lines.reduce((sum, line) => sum + line.quantity, 0),
    total: numberOrNull(raw.total_amount) ?? lines.reduce((sum, line) => sum + minor(line.subtotal), 0) / 100,
    currency: currencyOf(raw),
    shipping: numberOrNull(raw.shipping),
    tax: numberOrNull(raw.tax),
  };
}

function toAddress(value: unknown): Address | null {
  const raw = record(value);
  if (!raw.name && !raw.street) return null;
  return {
    name: text(raw.name),
    street: text(raw.street),
    city: text(raw.city),
    postalCode: text(raw.postalCode ?? raw.postal_code),
    country: text(raw.country),
  };
}

function toReturn(raw: Raw): Return {
  return {
    id: text(raw.id),
    status: text(raw.status),
    amount: number(raw.amount),
    lines: list(raw.lines).map((line) => ({ sku: text(line.sku), quantity: number(line.quantity) })),
    at: textOrNull(raw.askedAt),
  };
}

export function toOrder(value: unknown): Order {
  const raw = record(value);
  const returns = list(raw.returns).map(toReturn);
  return {
    id: text(raw.id),
    number: text(raw.orderNumber) || text(raw.id).slice(-8),
    status: text(raw.status),
    sagaState: text(raw.sagaState),
    reason: textOrNull(raw.cancelReason),
    items: list(raw.items).map((line) => ({
      productId: text(line.productId),
      sku: text(line.sku),
      name: text(line.name),
      unitPrice: number(line.unitPrice),
      quantity: number(line.quantity),
      returned: number(line.returned),
    })),
    subtotal: number(raw.subtotal),
    tax: number(raw.tax),
    shipping: number(raw.shipping),
    total: number(raw.total),
    refunded: number(raw.refunded),
    currency: currencyOf(raw),
    address: toAddress(raw.shippingAddress),
    email: textOrNull(raw.email),
    actionUrl: textOrNull(raw.actionUrl),
    returns,
    createdAt: text(raw.created_at),
    updatedAt: text(raw.updated_at),
  };
}

export function toTimeline(value: unknown): readonly TimelineEvent[] {
  return list(record(value).items).map((raw) => ({
    id: text(raw.version),
    kind: text(raw.kind),
    status: text(raw.status),
    at: text(raw.at),
  }));
}

export function toSaga(value: unknown): Saga {
  const raw = record(value);
  return {
    state: text(raw.phase),
    steps: list(raw.steps).map((step) => ({
      name: text(step.name),
      state: text(step.state),
      attempts: number(step.attempts),
      startedAt: textOrNull(step.startedAt),
      endedAt: textOrNull(step.endedAt),
      error: textOrNull(step.error),
      compensation: textOrNull(step.compensation),
    })),
  };
}

export function toStock(value: unknown): Stock {
  const raw = record(value);
  return {
    sku: text(raw.sku),
    quantity: number(raw.quantity),
    reserved: number(raw.reserved),
    available: number(raw.available),
    threshold: number(raw.reorderThreshold),
    version: number(raw.version),
  };
}

export function toPayment(value: unknown): Payment {
  const raw = record(value);
  const brand = text(raw.cardBrand);
  return {
    id: text(raw.id),
    orderId: text(raw.orderId),
    amount: number(raw.amount),
    captured: number(raw.capturedAmount),
    refunded: number(raw.refundedAmount),
    currency: currencyOf(raw),
    status: text(raw.status),
    card: raw.last4 ? `${brand} •••• ${text(raw.last4)}`.trim() : null,
    createdAt: text(raw.created_at),
  };
}

export function toVendorLine(value: unknown): VendorLine {
  const raw = record(value);
  return {
    orderId: text(raw.orderId),
    status: text(raw.status),
    sku: text(raw.sku),
    name: text(raw.name),
    quantity: number(raw.quantity),
    unitPrice: number(raw.unitPrice),
    currency: currencyOf(raw),
    at: text(raw.createdAt),
  };
}

export function toPlaced(value: unknown): Placed {
  const raw = record(value);
  return {
    orderId: text(raw.order_id ?? raw.id),
    status: text(raw.status),
    total: number(raw.total_amount ?? raw.total),
    guestToken: textOrNull(raw.guest_token ?? raw.guestToken),
  };
}
