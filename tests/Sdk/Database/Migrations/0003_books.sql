create table books (id uuid primary key, owner text not null, title text not null, version bigint not null, deleted_at timestamptz);
