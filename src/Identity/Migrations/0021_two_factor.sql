-- The secret is sealed with the service's key. An unconfirmed row is a set-up that was begun; it opens and blocks nothing.
create table two_factor (
    user_id uuid primary key references users (id) on delete cascade,
    secret_sealed bytea not null,
    created_at timestamptz not null,
    confirmed_at timestamptz,
    last_step bigint,
    failed_tries integer not null default 0,
    failed_since timestamptz
);

create table recovery_codes (
    user_id uuid not null references two_factor (user_id) on delete cascade,
    code_hash bytea not null,
    created_at timestamptz not null,
    used_at timestamptz,
    primary key (user_id, code_hash)
);

-- Remembers for five minutes that the password was right.
create table two_factor_challenges (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    client_id text not null,
    tries_left integer not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);

create index two_factor_challenges_by_user on two_factor_challenges (user_id, created_at);
create index two_factor_challenges_by_expiry on two_factor_challenges (expires_at);
