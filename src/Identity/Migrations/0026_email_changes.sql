-- An address somebody wants to change to, until it has answered. One at a time; a new wish replaces the one before.
create table email_changes (
    user_id uuid primary key references users (id),
    token_hash bytea not null unique,
    email_typed text not null,
    session_id uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index email_changes_expiry on email_changes (expires_at);
