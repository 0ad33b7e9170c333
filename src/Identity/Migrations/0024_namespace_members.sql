create table namespace_members (
    namespace text not null,
    user_id uuid not null references users (id) on delete cascade,
    role text not null,
    granted_by uuid,
    granted_at timestamptz not null,
    primary key (namespace, user_id),
    constraint namespace_members_role check (role in ('viewer', 'developer', 'owner'))
);

create index namespace_members_by_user on namespace_members (user_id);
