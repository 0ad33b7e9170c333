create table users (
    id uuid primary key,
    email text not null,
    email_typed text not null,
    email_verified_at timestamptz,
    username text,
    password text not null,
    first_name text,
    last_name text,
    name text generated always as (btrim(coalesce(first_name, '') || ' ' || coalesce(last_name, ''))) stored,
    role text not null default 'customer' check (role in ('customer', 'vendor', 'admin')),
    locale text not null default 'en',
    is_active boolean not null default true,
    two_factor_enabled boolean not null default false,
    locked_until timestamptz,
    failed_count integer not null default 0,
    security_version bigint not null default 1,
    version bigint not null default 1,
    gdpr_consent boolean not null default false,
    marketing_consent boolean not null default false,
    consent_date date,
    consent_version text,
    last_login_at timestamptz,
    login_count bigint not null default 0,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

-- Uniqueness must hold with or without the indexes that the baseline profile drops, and a lookup by the plain column must not be
-- able to use these two: otherwise the baseline would measure nothing.
create unique index users_email_unique on users (lower(email));
create unique index users_username_unique on users (lower(username));

-- Sign-ups from the account pages become a user only when the address has answered: nobody can reserve another person's address
-- together with a password of their own choice.
create table registrations (
    id uuid primary key,
    email text not null,
    email_typed text not null,
    token_hash bytea not null unique,
    password text not null,
    first_name text,
    last_name text,
    locale text not null,
    marketing_consent boolean not null,
    consent_version text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index registrations_email on registrations (email);
create index registrations_expires_at on registrations (expires_at);

create table one_time_tokens (
    hash bytea primary key,
    purpose text not null,
    user_id uuid not null references users (id) on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index one_time_tokens_user_id on one_time_tokens (user_id, purpose);
create index one_time_tokens_expires_at on one_time_tokens (expires_at);

create table login_events (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    at timestamptz not null,
    client_id text not null,
    methods text not null,
    network text,
    user_agent text
);
create index login_events_user_id on login_events (user_id, at desc);
create index login_events_at on login_events (at);

-- Failures only, by a keyed digest of the address or network, so that unknown addresses are counted like known ones and the table
-- tells nobody which addresses were tried.
create table failed_attempts (
    key bytea primary key,
    failures integer not null,
    since timestamptz not null,
    until timestamptz not null
);
create index failed_attempts_until on failed_attempts (until);
