-- What the bank remembers of a card is what is printed on a receipt.
create table tokens (
    id text primary key,
    brand text not null,
    last4 text not null check (last4 ~ '^[0-9]{4}$'),
    behaviour text not null,
    exp_month int not null,
    exp_year int not null,
    created_at timestamptz not null
);

create table intents (
    number bigint generated always as identity primary key,
    id text not null unique,
    amount bigint not null check (amount > 0),
    captured bigint not null default 0 check (captured between 0 and amount),
    refunded bigint not null default 0 check (refunded between 0 and captured),
    currency text not null,
    status text not null,
    behaviour text not null,
    brand text not null,
    last4 text not null,
    decline_code text,
    challenge text unique,
    return_url text,
    metadata jsonb not null,
    decide_at timestamptz,
    created_at timestamptz not null
);
create index intents_undecided on intents (decide_at) where decide_at is not null;
create index intents_metadata on intents using gin (metadata jsonb_path_ops);

create table refunds (
    number bigint generated always as identity primary key,
    id text not null unique,
    intent_id text not null references intents (id),
    amount bigint not null check (amount > 0),
    status text not null,
    metadata jsonb not null,
    created_at timestamptz not null
);

create table webhook_deliveries (
    number bigint generated always as identity primary key,
    event_id text not null,
    body text not null,
    attempts int not null default 0,
    due_at timestamptz not null,
    delivered_at timestamptz,
    given_up boolean not null default false,
    last_error text
);
create index webhook_deliveries_due on webhook_deliveries (due_at) where delivered_at is null and not given_up;

create table idempotent_replies (
    key text primary key,
    request bytea not null,
    status int not null,
    body text not null,
    at timestamptz not null
);
create index idempotent_replies_at on idempotent_replies (at);
