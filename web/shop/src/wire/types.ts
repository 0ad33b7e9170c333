/** The shop's answers as the page relies on them. Amounts are decimals of the currency, as version 1 of the API gives them. */
export type StockHint = 'in_stock' | 'low' | 'out';

export interface Variant {
  readonly sku: string;
  readonly name: string | null;
  readonly price: number;
  readonly currency: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly stock: StockHint | null;
}

export interface Product {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  /** As its vendor wrote it for readers of German. */
  readonly german: { readonly name: string | null; readonly description: string | null };
  /** The category's short name; what it is called is in the list of categories. */
  readonly category: string;
  readonly price: number;
  readonly currency: string;
  readonly vendorId: string;
  readonly vendorName: string | null;
  readonly image: string | null;
  readonly attributes: Readonly<Record<string, string>>;
  readonly active: boolean;
  readonly stock: StockHint | null;
  /** The first is the product's own. */
  readonly variants: readonly Variant[];
  readonly updatedAt: string;
}

export interface Category {
  readonly slug: string;
  readonly name: string;
  readonly german: string | null;
  readonly path: readonly string[];
}

export interface FacetValue {
  readonly value: string;
  readonly label: string;
  readonly count: number;
  readonly selected: boolean;
}

export interface Facet {
  readonly field: string;
  /** Of a facet over attributes: which one. */
  readonly attribute: string | null;
  readonly values: readonly FacetValue[];
}

export interface SearchResult {
  readonly items: readonly Product[];
  readonly total: number;
  readonly page: number;
  readonly pageSize: number;
  readonly facets: readonly Facet[];
  /** What was searched for instead, when the words as typed led nowhere. */
  readonly corrections: readonly { readonly from: string; readonly to: string }[];
}

export interface PricePoint {
  readonly sku: string;
  readonly price: number;
  readonly currency: string;
  readonly from: string;
}

export interface CartLine {
  readonly sku: string;
  readonly image: string | null;
  readonly name: string;
  readonly price: number;
  readonly quantity: number;
  readonly subtotal: number;
  readonly stock: StockHint | null;
  readonly priceChanged: { readonly yours: number; readonly now: number } | null;
}

export interface Cart {
  readonly customerId: string;
  readonly lines: readonly CartLine[];
  readonly count: number;
  readonly total: number;
  readonly currency: string;
  /** As the service reckons them; null from a service that leaves it to the order. */
  readonly shipping: number | null;
  readonly tax: number | null;
}

export interface Address {
  readonly name: string;
  readonly street: string;
  readonly city: string;
  readonly postalCode: string;
  readonly country: string;
}

export type OrderStatus =
  | 'pending'
  | 'reserved'
  | 'paid'
  | 'confirmed'
  | 'processing'
  | 'shipped'
  | 'delivered'
  | 'cancelled'
  | 'failed'
  | 'refunded'
  | (string & {});

export interface OrderLine {
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly unitPrice: number;
  readonly quantity: number;
  readonly returned: number;
}

export interface Return {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly at: string | null;
}

export interface Order {
  readonly id: string;
  readonly number: string;
  readonly status: OrderStatus;
  readonly sagaState: string;
  readonly reason: string | null;
  readonly items: readonly OrderLine[];
  readonly subtotal: number;
  readonly tax: number;
  readonly shipping: number;
  readonly total: number;
  readonly refunded: number;
  readonly currency: string;
  readonly address: Address | null;
  readonly email: string | null;
  /** Where the buyer's bank waits for a confirmation. */
  readonly actionUrl: string | null;
  readonly returns: readonly Return[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface TimelineEvent {
  readonly id: string;
  readonly kind: string;
  /** How the order stood after it. */
  readonly status: string;
  readonly at: string;
}

export interface SagaStep {
  readonly name: string;
  readonly state: string;
  readonly attempts: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly error: string | null;
  readonly compensation: string | null;
}

export interface Saga {
  readonly state: string;
  readonly steps: readonly SagaStep[];
}

export interface Stock {
  readonly sku: string;
  readonly quantity: number;
  readonly reserved: number;
  readonly available: number;
  readonly threshold: number;
  readonly version: number;
}

export interface Payment {
  readonly id: string;
  readonly orderId: string;
  readonly amount: number;
  readonly captured: number;
  readonly refunded: number;
  readonly currency: string;
  readonly status: string;
  readonly card: string | null;
  readonly createdAt: string;
}

export interface VendorLine {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly currency: string;
  readonly at: string;
}

export interface Paged<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface Placed {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly total: number;
  /** For a guest: opens this order, and nothing else. Shown once. */
  readonly guestToken: string | null;
}

/** Where the page's neighbours are, as this installation names its hosts. */
export interface Neighbours {
  readonly paymentProvider: string;
  readonly accounts: string;
}
