-- One payment per order. No number of a card is anywhere: a token of the bank, the brand and the last four digits are all.
create table payments (
    id uuid primary key,
    order_id uuid not null unique,
    user_id uuid,
    amount bigint not null check (amount >= 0),
    currency text not null,
    status text not null,
    wish text not null,
    captured bigint not null default 0,
    refunded bigint not null default 0 check (refunded >= 0),
    promised bigint not null default 0 check (promised >= 0),
    capturing boolean not null default false,
    voiding boolean not null default false,
    card_token text,
    card_brand text,
    last4 text check (last4 ~ '^[0-9]{4}$'),
    provider_reference text unique,
    action_url text,
    failure_stage text,
    failure_code text,
    failure_message text,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (captured between 0 and amount),
    check (refunded + promised <= captured)
);
create index payments_by_user on payments (user_id, created_at desc, id desc);
create index payments_by_time on payments (created_at desc, id desc);

create table refunds (
    id uuid primary key,
    payment_id uuid not null references payments (id),
    return_id uuid unique,
    amount bigint not null check (amount > 0),
    status text not null,
    reason text not null,
    requested_by text not null,
    provider_reference text,
    failure_code text,
    created_at timestamptz not null,
    ended_at timestamptz
);
create index refunds_of_payment on refunds (payment_id, created_at);

-- What is to be asked of the bank: written before it is asked, so that whoever dies in between leaves a note of it.
create table operations (
    number bigint generated always as identity primary key,
    payment_id uuid not null references payments (id),
    kind text not null,
    idempotency_key text not null unique,
    amount bigint not null default 0,
    refund_id uuid references refunds (id),
    provider_reference text,
    state text not null default 'open',
    attempts int not null default 0,
    due_at timestamptz not null,
    first_sent_at timestamptz,
    last_error text,
    created_at timestamptz not null,
    ended_at timestamptz
);
create index operations_due on operations (due_at) where state = 'open';
create index operations_of_payment on operations (payment_id, number) where state = 'open';

create table card_tokens (
    id text primary key,
    provider_token text not null,
    brand text not null,
    last4 text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index card_tokens_expired on card_tokens (expires_at);

create table webhook_events (
    id text primary key,
    type text not null,
    received_at timestamptz not null
);
create index webhook_events_received on webhook_events (received_at);

create table reconciliations (
    id uuid primary key,
    at timestamptz not null,
    since timestamptz not null,
    compared int not null,
    complete boolean not null,
    differences jsonb not null
);
create index reconciliations_at on reconciliations (at desc);
