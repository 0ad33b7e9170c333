-- Made from the stream and nothing else; a rebuild makes them anew beside these and takes their place.
create table orders (
    id uuid primary key,
    number text not null,
    user_id uuid,
    status text not null,
    items jsonb not null,
    pieces bigint not null,
    subtotal_minor bigint not null,
    tax_minor bigint not null,
    shipping_minor bigint not null,
    total_minor bigint not null,
    currency text not null,
    payment_id uuid,
    captured_minor bigint not null,
    refunded_minor bigint not null,
    cancel_reason text,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index idx_orders_user on orders (user_id, created_at, id);
create index idx_orders_status on orders (status, created_at, id);
create index idx_orders_date on orders (created_at, id);

create table order_lines (
    order_id uuid not null,
    sku text not null,
    product_id uuid not null,
    vendor_id uuid not null,
    name text not null,
    unit_price_minor bigint not null,
    quantity integer not null,
    returned integer not null,
    status text not null,
    currency text not null,
    created_at timestamptz not null,
    primary key (order_id, sku)
);
create index idx_order_lines_vendor on order_lines (vendor_id, created_at, order_id, sku);
