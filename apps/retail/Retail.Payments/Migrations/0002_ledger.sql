-- Books are kept in pairs and never corrected: a mistake is righted by another entry.
create table ledger_entries (
    number bigint generated always as identity primary key,
    transfer text not null,
    account text not null check (account in ('customer_receivable', 'provider_clearing', 'revenue', 'refunds')),
    step int not null,
    amount bigint not null check (amount <> 0),
    currency text not null,
    payment_id uuid not null references payments (id),
    at timestamptz not null,
    unique (transfer, account, step)
);
create index ledger_entries_of_payment on ledger_entries (payment_id, number);

create function ledger_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'The ledger is append-only; book the opposite instead.' using errcode = 'restrict_violation';
end $$;
create trigger ledger_no_change before update or delete on ledger_entries for each row execute function ledger_is_append_only();
create trigger ledger_no_truncate before truncate on ledger_entries for each statement execute function ledger_is_append_only();

create function ledger_transfer_is_balanced() returns trigger language plpgsql as $$
begin
    if (select sum(amount) from ledger_entries where transfer = new.transfer) <> 0 then
        raise exception 'The transfer % does not sum to zero.', new.transfer using errcode = 'check_violation';
    end if;
    return null;
end $$;
create constraint trigger ledger_balanced after insert on ledger_entries deferrable initially deferred
    for each row execute function ledger_transfer_is_balanced();
