-- Words are compared without accents, and misspelt ones by the groups of three letters they share.
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- Ages are whole hundredths of a year and fares whole ten-thousandths, because comparing them must neither round nor leak: row-level
-- security lets only operators near an index that cannot tell anything about rows of others, and those of numeric are not among them.
-- For the same reason what lists are sorted by stands in columns of its own.
create table people (
    uuid uuid primary key,
    tenant text collate "C" not null default current_setting('app.tenant') check (tenant <> ''),
    passenger_id integer not null check (passenger_id > 0),
    survived boolean not null,
    class integer not null check (class between 1 and 3),
    name text not null check (length(name) between 1 and 200),
    name_order text collate "C" not null generated always as (lower(name)) stored,
    sex text collate "C" not null check (sex in ('male', 'female', 'other')),
    age integer check (age between 0 and 12000),
    age_order integer not null generated always as (coalesce(age, 2147483647)) stored,
    siblings_or_spouses integer not null check (siblings_or_spouses between 0 and 50),
    parents_or_children integer not null check (parents_or_children between 0 and 50),
    ticket text collate "C" check (length(ticket) between 1 and 50),
    fare bigint not null check (fare >= 0),
    cabin text check (length(cabin) between 1 and 50),
    embarked text collate "C" check (embarked in ('C', 'Q', 'S')),
    hold_reason text,
    held_by text,
    held_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    version bigint not null default 1,
    unique (tenant, passenger_id)
);
create index people_name on people (tenant, name_order, passenger_id) where deleted_at is null;
create index people_age on people (tenant, age_order, passenger_id) where deleted_at is null;
create index people_fare on people (tenant, fare, passenger_id) where deleted_at is null;
create index people_class on people (tenant, class, passenger_id) where deleted_at is null;
create index people_survived on people (tenant, survived, passenger_id) where deleted_at is null;
create index people_created on people (tenant, created_at, passenger_id) where deleted_at is null;
create index people_kinds on people (tenant, class, embarked, survived, sex, passenger_id) where deleted_at is null;
create index people_ticket on people (tenant, ticket, passenger_id) where deleted_at is null and ticket is not null;
create index people_deleted on people (tenant, deleted_at, passenger_id) where deleted_at is not null;

-- Who went first class hardly ever came aboard in Queenstown. A planner that does not know walks through everybody to find nobody.
create statistics people_kinds (mcv) on class, sex, survived, embarked from people;

-- Numbers for passengers who come without one. It is moved on when it meets numbers that were given by hand.
create sequence passenger_numbers as integer;

-- The words of names, each with the passengers who have it, and the vocabulary that misspelt words are compared with.
create table person_words (
    tenant text collate "C" not null,
    word text collate "C" not null,
    passenger_id integer not null,
    primary key (tenant, word, passenger_id)
);
create index person_words_person on person_words (tenant, passenger_id);
create table name_words (
    tenant text collate "C" not null,
    word text collate "C" not null,
    primary key (tenant, word)
);

create function words_of(text) returns setof text language sql stable as $$
    select distinct left(w, 64) from regexp_split_to_table(lower(unaccent($1)), '[\s!-/:-@\[-`{-~]+') w where w <> ''
$$;

create function add_words() returns trigger language plpgsql as $$
begin
    insert into person_words (tenant, word, passenger_id) select a.tenant, w, a.passenger_id from added a cross join lateral words_of(a.name) w;
    insert into name_words (tenant, word) select distinct a.tenant, w from added a cross join lateral words_of(a.name) w order by 1, 2 on conflict do nothing;
    return null;
end $$;
create function change_words() returns trigger language plpgsql as $$
begin
    if not exists (select from removed r join added a using (uuid) where a.name <> r.name or a.passenger_id <> r.passenger_id) then
        return null;
    end if;
    delete from person_words w using removed r join added a using (uuid)
    where a.name <> r.name and w.tenant = r.tenant and w.passenger_id = r.passenger_id;
    insert into person_words (tenant, word, passenger_id)
    select a.tenant, w, a.passenger_id from added a join removed r using (uuid) cross join lateral words_of(a.name) w where a.name <> r.name;
    insert into name_words (tenant, word)
    select distinct a.tenant, w from added a join removed r using (uuid) cross join lateral words_of(a.name) w where a.name <> r.name order by 1, 2
    on conflict do nothing;
    return null;
end $$;
create function remove_words() returns trigger language plpgsql as $$
begin
    delete from person_words w using removed r where w.tenant = r.tenant and w.passenger_id = r.passenger_id;
    delete from name_words n using removed r cross join lateral words_of(r.name) g
    where n.tenant = r.tenant and n.word = g and not exists (select from person_words w where w.tenant = n.tenant and w.word = n.word);
    return null;
end $$;
create trigger words_added after insert on people referencing new table as added for each statement execute function add_words();
create trigger words_changed after update on people referencing old table as removed new table as added for each statement execute function change_words();
create trigger words_removed after delete on people referencing old table as removed for each statement execute function remove_words();

-- The key each person's values are sealed with in the audit trail. Without it they cannot be read any more, while the trail still holds.
create table person_keys (
    uuid uuid primary key,
    tenant text collate "C" not null default current_setting('app.tenant') check (tenant <> ''),
    key bytea not null check (length(key) = 32)
);

-- What happened to whom, for those who follow. The transaction's number says what a reader has not seen yet, whatever order commits came in.
create table person_changes (
    number bigint generated always as identity primary key,
    xid bigint not null default (pg_current_xact_id()::text::bigint),
    tenant text collate "C" not null default current_setting('app.tenant') check (tenant <> ''),
    uuid uuid not null,
    passenger_id integer not null,
    action text not null,
    version bigint not null,
    at timestamptz not null
);
create index person_changes_xid on person_changes (tenant, xid, number);
create index person_changes_at on person_changes (tenant, at);

-- Files on their way in: how far each has come, so that a sender goes on where the last committed batch ended.
create table imports (
    id uuid primary key,
    tenant text collate "C" not null default current_setting('app.tenant') check (tenant <> ''),
    owner text not null,
    format text not null check (format in ('csv', 'ndjson')),
    layout text not null,
    mode text not null check (mode in ('upsert', 'insert')),
    columns text[],
    status text not null check (status in ('incomplete', 'done')),
    byte_offset bigint not null default 0,
    rows bigint not null default 0,
    created bigint not null default 0,
    updated bigint not null default 0,
    unchanged bigint not null default 0,
    rejected bigint not null default 0,
    errors jsonb not null default '[]',
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index imports_owner on imports (tenant, owner, created_at desc);

-- Without a tenant nothing is there, for anybody: the owner of the tables is no exception. A backup reads everybody's rows and says so.
alter table people enable row level security;
alter table people force row level security;
create policy tenant on people using (tenant = current_setting('app.tenant', true) or current_setting('slipway.backup', true) = 'on') with check (tenant = current_setting('app.tenant', true));
alter table person_words enable row level security;
alter table person_words force row level security;
create policy tenant on person_words using (tenant = current_setting('app.tenant', true) or current_setting('slipway.backup', true) = 'on') with check (tenant = current_setting('app.tenant', true));
alter table name_words enable row level security;
alter table name_words force row level security;
create policy tenant on name_words using (tenant = current_setting('app.tenant', true) or current_setting('slipway.backup', true) = 'on') with check (tenant = current_setting('app.tenant', true));
alter table person_keys enable row level security;
alter table person_keys force row level security;
create policy tenant on person_keys using (tenant = current_setting('app.tenant', true) or current_setting('slipway.backup', true) = 'on') with check (tenant = current_setting('app.tenant', true));
alter table person_changes enable row level security;
alter table person_changes force row level security;
create policy tenant on person_changes using (tenant = current_setting('app.tenant', true) or current_setting('slipway.backup', true) = 'on') with check (tenant = current_setting('app.tenant', true));
alter table imports enable row level security;
alter table imports force row level security;
create policy tenant on imports using (tenant = current_setting('app.tenant', true) or current_setting('slipway.backup', true) = 'on') with check (tenant = current_setting('app.tenant', true));
