create table sessions (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    -- The sign-in in the browser that a client's grant came from; revoking it revokes the grant.
    parent_id uuid references sessions (id) on delete cascade,
    kind text not null check (kind in ('browser', 'token', 'grant')),
    client_id text not null,
    audience text not null default '',
    scopes text not null default '',
    methods text not null,
    cookie_hash bytea unique,
    network text,
    user_agent text,
    authenticated_at timestamptz not null,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    revoked_reason text
);
create index sessions_user_id on sessions (user_id, created_at desc);
create index sessions_parent_id on sessions (parent_id) where parent_id is not null;
create index sessions_expires_at on sessions (expires_at);

create table refresh_tokens (
    hash bytea primary key,
    session_id uuid not null references sessions (id) on delete cascade,
    -- The successor is derived from the token, this salt and a key outside of the database, so that a repeated exchange within the
    -- grace period gives the same successor without any token being stored.
    salt bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index refresh_tokens_session_id on refresh_tokens (session_id);
