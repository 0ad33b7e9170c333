-- Every decision about a consent, newest last; none is ever overwritten, because the proof is the history.
create table consents (
    id bigint generated always as identity primary key,
    user_id uuid not null references users (id) on delete cascade,
    kind text not null,
    granted boolean not null,
    version text not null,
    decided_at timestamptz not null,
    constraint consents_kind check (kind in ('terms', 'marketing'))
);

create index consents_by_user on consents (user_id, id);

-- The database writes the history itself, so that no way of changing an account can forget it.
create function record_consents() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into consents (user_id, kind, granted, version, decided_at) values
            (new.id, 'terms', new.gdpr_consent, coalesce(new.consent_version, ''), new.updated_at),
            (new.id, 'marketing', new.marketing_consent, coalesce(new.consent_version, ''), new.updated_at);
        return null;
    end if;
    if new.gdpr_consent is distinct from old.gdpr_consent or new.consent_version is distinct from old.consent_version then
        insert into consents (user_id, kind, granted, version, decided_at)
        values (new.id, 'terms', new.gdpr_consent, coalesce(new.consent_version, ''), new.updated_at);
    end if;
    if new.marketing_consent is distinct from old.marketing_consent then
        insert into consents (user_id, kind, granted, version, decided_at)
        values (new.id, 'marketing', new.marketing_consent, coalesce(new.consent_version, ''), new.updated_at);
    end if;
    return null;
end
$$;

create trigger users_record_consents after insert or update of gdpr_consent, marketing_consent, consent_version on users
    for each row execute function record_consents();

insert into consents (user_id, kind, granted, version, decided_at)
select id, 'terms', gdpr_consent, coalesce(consent_version, ''), created_at from users
union all
select id, 'marketing', marketing_consent, coalesce(consent_version, ''), created_at from users;

-- Who asked for erasure and when it was carried out. Holds no personal data but the id, survives the account, and is
-- written out to be carried out again after a restore from an older backup.
create table erasures (
    user_id uuid primary key,
    requested_at timestamptz not null,
    due_at timestamptz not null,
    anonymised_at timestamptz
);

create index erasures_due on erasures (due_at) where anonymised_at is null;
