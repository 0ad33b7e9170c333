-- The store's own tables. One row per live object; a deleted object leaves nothing behind but its version.
create table store.resources (
    api_group   text   not null,
    api_version text   not null,
    kind        text   not null,
    namespace   text   not null,
    name        text   not null,
    uid         uuid   not null,
    version     bigint not null,
    -- The text type of JSON keeps bodies exactly as they were written, down to the order of fields, and never refuses
    -- an escape that JSON allows. Everything can still be queried: body->'spec', metadata->'labels' and so on.
    metadata    json   not null,
    body        json   not null,
    -- What must not be readable in a dump: AES-256-GCM, see Sealing.cs.
    sealed      bytea,
    primary key (api_group, api_version, kind, namespace, name)
);

-- One row: the last version that was handed out and the transaction that did so.
create table store.counter (
    only_row boolean primary key default true check (only_row),
    version  bigint  not null,
    batch    uuid    not null
);

insert into store.counter (version, batch) values (0, '00000000-0000-0000-0000-000000000000');

-- Every transaction of the store begins here. A writer that works from an outdated picture is stopped before it changes
-- anything, whatever went wrong with the lock that should have stopped it earlier.
create function store.advance(version_before bigint, version_after bigint, next_batch uuid) returns void
language plpgsql as $$
begin
    update store.counter set version = version_after, batch = next_batch where version = version_before;
    if not found then
        raise exception 'the store is not at version %', version_before using errcode = 'SW001';
    end if;
end
$$;
