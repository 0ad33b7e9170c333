-- Where the chain begins once its oldest links have had their time. The seal covers position and hash, so nobody who lacks
-- AUDIT_KEY can move the beginning forward to hide what was before it.
create table slipway.audit_anchors (
    seq bigint primary key,
    hash bytea not null,
    seal bytea not null,
    entries bigint not null,
    expired_at timestamptz not null
);

-- Entries leave one way only: from the old end, in a transaction that says so and writes the new beginning.
create or replace function slipway.refuse_rewriting_history() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('slipway.audit_expiry', true) = 'on' then
        return old;
    end if;
    raise exception 'The audit trail is append-only.' using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete on slipway.audit_anchors for each row execute function slipway.refuse_rewriting_history();
create trigger no_truncate before truncate on slipway.audit_anchors for each statement execute function slipway.refuse_rewriting_history();
