-- Who changed what. Entries are written with the change they tell of and never touched again.
create table slipway.audit_entries (
    id uuid primary key,
    at timestamptz not null,
    actor_type text not null,
    actor_id text not null,
    on_behalf_of text,
    action text not null,
    target_type text not null,
    target_id text not null,
    changes json not null,
    reason text,
    request_id text,
    trace_id text,
    client_ip text
);
create index audit_entries_at on slipway.audit_entries (at desc, id desc);
create index audit_entries_target on slipway.audit_entries (target_type, target_id, at desc, id desc);
create index audit_entries_actor on slipway.audit_entries (actor_id, at desc, id desc);

-- Entries that the chain does not hold yet. Linking them one after the other inside the writers' transactions would let only
-- one writer at a time commit.
create table slipway.audit_pending (entry_id uuid primary key);

-- Each link's hash covers its entry and the hash before it, so no entry can be changed or taken out of the middle unnoticed.
create table slipway.audit_chain (
    seq bigint primary key,
    entry_id uuid not null unique references slipway.audit_entries (id),
    hash bytea not null
);

create function slipway.refuse_rewriting_history() returns trigger language plpgsql as $$
begin
    raise exception 'The audit trail is append-only.' using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete on slipway.audit_entries for each row execute function slipway.refuse_rewriting_history();
create trigger append_only before update or delete on slipway.audit_chain for each row execute function slipway.refuse_rewriting_history();
create trigger no_truncate before truncate on slipway.audit_entries for each statement execute function slipway.refuse_rewriting_history();
create trigger no_truncate before truncate on slipway.audit_chain for each statement execute function slipway.refuse_rewriting_history();
