create table api_keys (
    id text primary key,
    user_id uuid not null references users (id) on delete cascade,
    name text not null,
    environment text not null,
    secret_hash bytea not null,
    scopes text[] not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz
);

create index api_keys_by_user on api_keys (user_id, created_at desc, id);
