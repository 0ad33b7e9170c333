create table if not exists users (
  id uuid primary key,
  email text not null unique,
  username text not null unique,
  password text not null,
  first_name text,
  last_name text,
  is_active boolean not null default true,
  last_login_at timestamptz,
  login_count int not null default 0,
  created_at timestamptz not null default now()
);

create table if not exists todos (
  id uuid primary key,
  user_id uuid not null references users (id),
  title text not null,
  description text,
  category text,
  priority text not null default 'medium',
  completed boolean not null default false,
  due_date date,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index if not exists todos_user on todos (user_id, created_at desc);
