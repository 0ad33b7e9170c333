-- One row per service and minute; a second check within a minute replaces the first.
create table checks (
    service text not null,
    minute timestamptz not null,
    status text not null check (status in ('up', 'down', 'idle')),
    latency_ms integer,
    error text,
    primary key (service, minute)
);

create index checks_minute on checks (minute);

-- What remains of a day when its minutes are gone.
create table days (
    service text not null,
    day date not null,
    up integer not null,
    down integer not null,
    idle integer not null,
    latency_ms_average integer,
    primary key (service, day)
);

create table incidents (
    id uuid primary key,
    service text not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    cause text not null,
    check (ended_at is null or ended_at >= started_at)
);

create index incidents_started on incidents (started_at desc);

-- Whatever else goes wrong, a service is in trouble once at a time.
create unique index incidents_open on incidents (service) where ended_at is null;

-- What the next check needs to know of those before.
create table trails (
    service text primary key,
    failures integer not null,
    successes integer not null,
    failing_since timestamptz,
    recovering_since timestamptz,
    incident_open boolean not null,
    last_at timestamptz not null,
    last_status text not null,
    last_latency_ms integer,
    last_error text,
    url text not null
);
