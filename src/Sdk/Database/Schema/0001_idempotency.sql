-- The reply of a write that carried an Idempotency-Key, kept as long as the client may repeat it.
create table slipway.idempotency_replies (
    scope bytea primary key,
    request bytea not null,
    status int not null,
    headers jsonb not null,
    body bytea not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index idempotency_replies_expiry on slipway.idempotency_replies (expires_at);
