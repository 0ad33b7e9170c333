-- Signed-in browsers. The cookie's value is nowhere, only its hash; the tokens are encrypted.
create table slipway.sessions (
    id bytea primary key,
    user_id text not null,
    profile json not null,
    tokens bytea not null,
    tokens_expire_at timestamptz not null,
    created_at timestamptz not null,
    seen_at timestamptz not null
);
create index sessions_user on slipway.sessions (user_id);
create index sessions_seen on slipway.sessions (seen_at);

-- Made once, for services that were given no SESSION_KEY of their own.
create table slipway.session_keys (
    id int primary key check (id = 1),
    key bytea not null
);
