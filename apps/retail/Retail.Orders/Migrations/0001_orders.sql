-- The stream is the truth: one row an event, numbered without gaps within an order. Two writers of one version collide here.
create table order_stream (
    order_id uuid not null,
    version bigint not null,
    kind text not null,
    data jsonb not null,
    at timestamptz not null,
    primary key (order_id, version)
);
create index order_stream_at on order_stream (at);

-- Saves reading long streams from their beginning; may be deleted at any time.
create table order_snapshots (
    order_id uuid primary key,
    version bigint not null,
    state jsonb not null
);

create sequence order_numbers;

-- Who an order is for. Nothing else names a person, so deleting a row here is all it takes to forget one.
create table order_contacts (
    order_id uuid primary key,
    user_id uuid,
    name text not null,
    street text not null,
    city text not null,
    postal_code text not null,
    country text not null,
    email text not null
);
create index order_contacts_user on order_contacts (user_id) where user_id is not null;

-- What buyers write about a return; personal, and forgotten with the contact.
create table return_notes (
    return_id uuid primary key,
    order_id uuid not null,
    note text not null
);
create index return_notes_order on return_notes (order_id);

create table order_guests (
    order_id uuid primary key,
    token_hash bytea not null
);

create table sagas (
    order_id uuid primary key,
    phase text not null,
    state jsonb not null,
    payment_token text,
    due_at timestamptz,
    started_at timestamptz not null,
    ended_at timestamptz
);
create index sagas_due on sagas (due_at) where due_at is not null;
create index sagas_phase on sagas (phase);

-- What products cost, as their events have told.
create table priced_products (
    product_id uuid primary key,
    version bigint not null
);
create table prices (
    sku text primary key,
    product_id uuid not null,
    vendor_id uuid not null,
    name text not null,
    price_minor bigint not null,
    currency text not null,
    active boolean not null,
    place integer not null
);
create index prices_product on prices (product_id, place);

create table order_reports (
    day date primary key,
    placed bigint not null,
    confirmed bigint not null,
    cancelled bigint not null,
    pieces bigint not null,
    revenue_minor bigint not null,
    refunded_minor bigint not null,
    buyers bigint not null,
    made_at timestamptz not null
);
