create table lists (
    id uuid primary key,
    owner_id uuid not null,
    name text not null,
    color text,
    inbox boolean not null default false,
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz
);
create unique index lists_inbox on lists (owner_id) where inbox;
create index lists_deleted on lists (deleted_at) where deleted_at is not null;

create table list_members (
    list_id uuid not null references lists on delete cascade,
    user_id uuid not null,
    role text not null check (role in ('owner', 'editor', 'viewer')),
    position text collate "C" not null,
    email text,
    name text,
    joined_at timestamptz not null,
    primary key (list_id, user_id)
);
create index list_members_user on list_members (user_id) include (list_id, role);

create table invitations (
    id uuid primary key,
    list_id uuid not null references lists on delete cascade,
    email text not null,
    role text not null check (role in ('editor', 'viewer')),
    invited_by uuid not null,
    invited_by_name text,
    status text not null check (status in ('pending', 'accepted', 'declined', 'withdrawn')),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    answered_at timestamptz
);
create unique index invitations_pending on invitations (list_id, email) where status = 'pending';
create index invitations_email on invitations (email) where status = 'pending';

-- user_id is the owner of the list a todo is in, so that "my todos" is one range of one index; created_by is who wrote it.
create table todos (
    id uuid primary key,
    user_id uuid not null,
    list_id uuid not null references lists on delete cascade,
    parent_id uuid references todos on delete cascade,
    created_by uuid not null,
    title text not null,
    notes text not null,
    category text,
    priority smallint not null,
    tags text[] not null,
    due_date date,
    due_time time,
    due_time_zone text,
    due_at timestamptz,
    recurrence text,
    reminders integer[] not null,
    next_reminder_at timestamptz,
    position text collate "C" not null,
    completed boolean not null,
    completed_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    version bigint not null,
    search tsvector not null
);
create index todos_list on todos (list_id, position, id) where deleted_at is null;
create index todos_parent on todos (parent_id) include (completed, deleted_at) where parent_id is not null;
create index todos_search on todos using gin (search);
create index todos_reminders on todos (next_reminder_at) where next_reminder_at is not null;
create index todos_deleted on todos (deleted_at) where deleted_at is not null;

-- What happened, for three readers: the history of a todo, undoing, and devices that follow along. xid tells a follower exactly
-- which rows it has not seen, also when transactions commit in another order than they began.
create table changes (
    group_id uuid not null,
    number smallint not null,
    xid xid8 not null default pg_current_xact_id(),
    kind text not null check (kind in ('todo', 'list', 'member', 'reminder')),
    subject_id uuid not null,
    list_id uuid not null,
    user_id uuid,
    actor_id uuid not null,
    actor_name text,
    action text not null,
    version bigint not null,
    at timestamptz not null,
    before jsonb,
    after jsonb,
    primary key (group_id, number)
);
create index changes_xid on changes (xid);
create index changes_notes on changes (at) where after is null;
create index changes_subject on changes (subject_id, group_id);

-- The dots keep a phrase from matching across the end of one text and the beginning of the next.
create function todo_search(configs regconfig[], title text, notes text, category text, tags text[]) returns tsvector
language plpgsql stable as $$
declare
    config regconfig;
    words tsvector := ''::tsvector;
    gap constant tsvector := '''·'':2'::tsvector;
begin
    foreach config in array configs loop
        words := words
            || setweight(to_tsvector(config, title), 'A') || gap
            || setweight(to_tsvector(config, coalesce(category, '') || ' ' || array_to_string(tags, ' ')), 'B') || gap
            || setweight(to_tsvector(config, notes), 'C') || gap;
    end loop;
    return words;
end
$$;
