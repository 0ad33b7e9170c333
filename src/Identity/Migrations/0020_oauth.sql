-- Programs that may ask for tokens. The ones the installation brings along are written again at every start.
create table clients (
    id text primary key,
    name text not null,
    confidential boolean not null default false,
    first_party boolean not null default false,
    active boolean not null default true,
    redirect_uris text[] not null default '{}',
    sign_out_uris text[] not null default '{}',
    scopes text[] not null default '{}',
    grants text[] not null default '{}',
    secret_hash bytea,
    owner_id uuid references users (id) on delete set null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint clients_confidential_have_secret check (not confidential or secret_hash is not null)
);

-- Only hashes of codes: somebody who reads this table can exchange none of them.
create table authorization_codes (
    code_hash bytea primary key,
    client_id text not null references clients (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    session_id uuid,
    redirect_uri text not null,
    scopes text[] not null,
    audiences text[] not null,
    challenge text not null,
    nonce text,
    methods text[] not null,
    authenticated_at timestamptz not null,
    security_version bigint not null,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    grant_id uuid
);

create index authorization_codes_by_expiry on authorization_codes (expires_at);
create index authorization_codes_by_user on authorization_codes (user_id);

-- What somebody let a program of a third party do.
create table oauth_consents (
    user_id uuid not null references users (id) on delete cascade,
    client_id text not null references clients (id) on delete cascade,
    scopes text[] not null,
    granted_at timestamptz not null,
    primary key (user_id, client_id)
);
