-- Similar words find what was misspelt.
create extension if not exists pg_trgm;

create table categories (
    slug text primary key,
    parent text references categories (slug),
    name text not null,
    name_de text,
    position integer not null default 0
);

create table vendors (
    id uuid primary key,
    name text not null
);

create table products (
    id uuid primary key,
    sku text not null,
    vendor_id uuid not null,
    category text not null references categories (slug),
    name text not null,
    name_de text,
    description text not null default '',
    description_de text,
    attributes jsonb not null default '{}',
    -- The default variant's; lists are ordered and narrowed by it.
    price_minor bigint not null check (price_minor >= 0),
    currency text not null default 'EUR',
    active boolean not null default true,
    -- The hash of its picture, or null.
    image text,
    in_stock boolean not null default false,
    -- Counts what changes without the product itself being changed.
    stock_version bigint not null default 0,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    -- "name=value" of the product and all its variants: what lists are narrowed by and counted by.
    traits text[] not null default '{}',
    search tsvector not null
);

create index idx_products_category on products (category);
create index idx_products_sku on products (sku);
create index idx_products_vendor on products (vendor_id);

create index products_newest on products (created_at desc, id desc) where active and deleted_at is null;
create index products_category_newest on products (category, created_at desc, id desc) where active and deleted_at is null;
create index products_price on products (price_minor, id) where active and deleted_at is null;
create index products_category_price on products (category, price_minor, id) where active and deleted_at is null;
create index products_name on products (lower(name), id) where active and deleted_at is null;
create index products_search on products using gin (search);
create index products_traits on products using gin (traits);

-- A SKU belongs to one product at most; its key is what makes sure of that.
create table variants (
    sku text primary key,
    product_id uuid not null references products (id),
    position integer not null,
    name text,
    price_minor bigint not null check (price_minor >= 0),
    currency text not null default 'EUR',
    attributes jsonb not null default '{}'
);

create index variants_product on variants (product_id, position);

-- Every price a SKU ever had, from when on.
create table price_changes (
    id bigint generated always as identity primary key,
    product_id uuid not null,
    sku text not null,
    price_minor bigint not null,
    currency text not null,
    changed_at timestamptz not null,
    changed_by text not null
);

create index price_changes_product on price_changes (product_id, changed_at desc, id desc);

-- What the inventory last said. It may know a SKU before the catalogue does.
create table stock_hints (
    sku text primary key,
    available bigint not null,
    version bigint not null,
    at timestamptz not null
);

create table product_images (
    product_id uuid primary key references products (id),
    hash text not null,
    media_type text not null,
    bytes bytea not null,
    updated_at timestamptz not null
);
-- Pictures are compressed already.
alter table product_images alter column bytes set storage external;

-- The words products are found by; a misspelt word is led to the nearest of them.
create table search_words (
    word text primary key
);

create index search_words_similar on search_words using gin (word gin_trgm_ops);
create index search_words_prefix on search_words (word text_pattern_ops);

-- Names count most, then where a product belongs, what it is like, and what is told of it.
create function product_search(names text, names_de text, category text, traits text, description text, description_de text) returns tsvector
    language sql immutable parallel safe
    return setweight(to_tsvector('simple', names || ' ' || names_de), 'A')
        || setweight(to_tsvector('english', names), 'A')
        || setweight(to_tsvector('german', names_de), 'A')
        || setweight(to_tsvector('simple', category), 'B')
        || setweight(to_tsvector('english', category), 'B')
        || setweight(to_tsvector('simple', traits), 'C')
        || setweight(to_tsvector('english', description), 'D')
        || setweight(to_tsvector('german', description_de), 'D');
