-- Events on their way out, written with the change they tell of.
create table slipway.outbox (
    position bigint generated always as identity primary key,
    id uuid not null,
    partition_key text not null,
    event text not null,
    created_at timestamptz not null default now()
);
create index outbox_key on slipway.outbox (partition_key, position);

-- Keys whose first event was refused. The later ones wait behind it, since order per key is promised.
create table slipway.outbox_stuck (
    partition_key text primary key,
    event_id uuid not null,
    attempts int not null,
    next_at timestamptz not null,
    dead_at timestamptz,
    error text not null
);

-- Events that were handled, one row per consumer, written with the effect of handling them.
create table slipway.inbox (
    consumer text not null,
    event_id text not null,
    at timestamptz not null default now(),
    primary key (consumer, event_id)
);
create index inbox_at on slipway.inbox (at);
