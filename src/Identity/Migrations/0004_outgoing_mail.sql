create table outgoing_mail (
    id uuid primary key,
    kind text not null,
    to_address text not null,
    subject text not null,
    -- Holds links that let people in, so both bodies are emptied as soon as the mail is delivered or given up.
    text_body text not null,
    html_body text not null,
    language text not null,
    created_at timestamptz not null,
    next_attempt_at timestamptz not null,
    attempts integer not null default 0,
    sent_at timestamptz,
    given_up_at timestamptz,
    last_error text
);
create index outgoing_mail_due on outgoing_mail (next_attempt_at) where sent_at is null and given_up_at is null;
create index outgoing_mail_to_address on outgoing_mail (lower(to_address), kind, created_at);
create index outgoing_mail_created_at on outgoing_mail (created_at);
