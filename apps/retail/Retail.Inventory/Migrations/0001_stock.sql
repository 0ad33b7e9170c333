-- What can be stocked, as the catalogue tells it. This row is what writers of one SKU take turns on.
create table stock_items (
    sku text primary key check (length(sku) between 1 and 64),
    product_id uuid,
    vendor_id uuid,
    name text,
    active boolean not null default true,
    is_default boolean not null default true,
    product_version bigint not null default 0,
    reorder_threshold integer not null default 5 check (reorder_threshold >= 0),
    low boolean not null default false,
    version bigint not null default 0,
    updated_at timestamptz not null
);
create index stock_items_product on stock_items (product_id) where product_id is not null;
create index stock_items_low on stock_items (sku) where low;

-- The newest version of a product that was seen, also after its end: news that arrive late change nothing.
create table product_versions (
    product_id uuid primary key,
    version bigint not null,
    deleted boolean not null
);

create table inventory (
    id uuid primary key,
    sku text not null references stock_items (sku),
    product_id uuid,
    warehouse_location text not null check (length(warehouse_location) between 1 and 64),
    quantity bigint not null default 0 check (quantity >= 0),
    reserved bigint not null default 0 check (reserved >= 0),
    version bigint not null default 1,
    updated_at timestamptz not null,
    unique (sku, warehouse_location),
    constraint never_oversold check (reserved <= quantity)
);

-- The ledger: every change of a row above is a row here, and the sums of the deltas are the row.
create table movements (
    id bigint generated always as identity primary key,
    sku text not null,
    warehouse_location text not null,
    kind text not null check (kind in ('received', 'adjusted', 'counted', 'reserved', 'released', 'expired', 'sold', 'restocked', 'returned')),
    quantity_delta bigint not null,
    reserved_delta bigint not null,
    reason text not null,
    actor text not null,
    order_id uuid,
    return_id uuid,
    at timestamptz not null
);
create index movements_sku on movements (sku, id);
create index movements_order on movements (order_id) where order_id is not null;

create function movements_are_final() returns trigger language plpgsql as $$
begin
    raise exception 'movements are never changed; write another one that takes it back' using errcode = 'restrict_violation';
end
$$;
create trigger movements_are_final before update or delete or truncate on movements for each statement execute function movements_are_final();

-- One row per order, also for what came too early: an order cancelled before it was known must not be reserved later.
create table reservations (
    order_id uuid primary key,
    id uuid not null unique,
    status text not null check (status in ('new', 'early', 'refused', 'held', 'confirmed', 'released', 'expired')),
    reason text,
    missing jsonb,
    expires_at timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index reservations_due on reservations (expires_at) where status = 'held';

create table reservation_lines (
    id uuid primary key,
    order_id uuid not null references reservations (order_id),
    sku text not null references stock_items (sku),
    warehouse_location text not null,
    quantity integer not null check (quantity > 0),
    returned integer not null default 0 check (returned between 0 and quantity),
    unique (order_id, sku, warehouse_location)
);
create index reservation_lines_sku on reservation_lines (sku);

create table returns (
    return_id uuid primary key,
    order_id uuid not null,
    skus text[] not null,
    quantities integer[] not null,
    applied_at timestamptz,
    created_at timestamptz not null
);
create index returns_waiting on returns (order_id) where applied_at is null;

create table reconciliations (
    id uuid primary key,
    at timestamptz not null,
    rows_checked bigint not null,
    findings integer not null
);
create table reconciliation_findings (
    reconciliation_id uuid not null references reconciliations (id) on delete cascade,
    number integer not null,
    kind text not null,
    sku text,
    warehouse_location text,
    order_id uuid,
    expected bigint,
    actual bigint,
    primary key (reconciliation_id, number)
);
