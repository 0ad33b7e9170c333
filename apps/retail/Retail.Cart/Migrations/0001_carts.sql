-- The two documented tables, with what they left open decided: one line per product, and a cart takes its lines with it.
create table if not exists carts (
    id serial primary key,
    customer_id varchar(255) not null unique,
    created_at timestamptz not null default current_timestamp,
    updated_at timestamptz not null default current_timestamp,
    version bigint not null default 0
);

create table if not exists cart_items (
    id serial primary key,
    cart_id integer not null references carts (id) on delete cascade,
    product_id varchar(255) not null,
    product_name varchar(255) not null,
    price decimal(10, 2) not null check (price >= 0),
    quantity integer not null check (quantity between 1 and 99),
    created_at timestamptz not null default current_timestamp,
    sku varchar(64) not null,
    -- What the buyer was shown, where it was another price than ours.
    seen_price decimal(10, 2),
    unique (cart_id, product_id),
    unique (cart_id, sku)
);

create index carts_guests on carts (updated_at) where customer_id like 'guest-%';

-- What the catalogue and the stock keepers tell, so that a cart needs neither to be shown.
create table product_view (
    sku varchar(64) primary key,
    product_id uuid not null,
    name varchar(255) not null,
    price_minor bigint not null check (price_minor >= 0),
    active boolean not null,
    is_default boolean not null,
    image_url text,
    version bigint not null
);
create index product_view_product on product_view (product_id);

create table product_versions (
    product_id uuid primary key,
    version bigint not null,
    deleted boolean not null
);

create table stock_view (
    sku varchar(64) primary key,
    available bigint not null,
    version bigint not null
);

-- What was sent to be ordered under which key, so that a repeated checkout is the same order. Nothing of the buyer is in it.
create table checkouts (
    cart_id integer not null references carts (id) on delete cascade,
    key varchar(255) not null,
    skus text[] not null,
    quantities integer[] not null,
    prices bigint[] not null,
    cleared_version bigint,
    created_at timestamptz not null default current_timestamp,
    primary key (cart_id, key)
);
create index checkouts_created on checkouts (created_at);
