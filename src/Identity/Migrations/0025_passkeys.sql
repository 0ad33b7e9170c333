create table passkeys (
    credential_id bytea primary key,
    user_id uuid not null references users (id) on delete cascade,
    public_key bytea not null,
    name text not null,
    created_at timestamptz not null,
    sign_count bigint not null,
    transports text[] not null,
    user_verified boolean not null,
    backup_eligible boolean not null,
    backed_up boolean not null,
    attestation_object bytea not null,
    client_data_json bytea not null,
    last_used_at timestamptz
);

create index passkeys_by_user on passkeys (user_id, created_at);

-- What a browser was asked to sign, kept here and not in the browser, so that an answer counts once.
create table passkey_challenges (
    id uuid primary key,
    user_id uuid references users (id) on delete cascade,
    state text not null,
    expires_at timestamptz not null
);

create index passkey_challenges_by_expiry on passkey_challenges (expires_at);
