using Npgsql;

namespace Slipway.Eventing.Log;

/// <summary>The tables of the event bus, in a schema of their own. Making them twice, also at the same time, is harmless.</summary>
internal static class EventTables
{
    /// <summary>Any number will do as long as nobody else locks by it.</summary>
    private const long LockId = 0x736c69704576656e;

    private const string Definition = """
        create schema if not exists eventing;
        create table if not exists eventing.topics (
            number int generated always as identity primary key,
            uid text not null unique,
            namespace text not null,
            name text not null,
            partitions int not null,
            created_at timestamptz not null);
        create table if not exists eventing.partitions (
            topic int not null references eventing.topics on delete cascade,
            partition int not null,
            begins bigint not null default 0,
            bytes_before bigint not null default 0,
            primary key (topic, partition));
        create table if not exists eventing.events (
            topic int not null,
            partition int not null,
            place bigint not null,
            appended_at timestamptz not null,
            bytes_before bigint not null,
            key text not null,
            attributes bytea not null,
            data bytea,
            primary key (topic, partition, place));
        create table if not exists eventing.seen (
            topic int not null,
            mark uuid not null,
            at timestamptz not null,
            primary key (topic, mark));
        create index if not exists seen_by_time on eventing.seen using brin (at);
        create table if not exists eventing.progress (
            subscription text not null,
            partition int not null,
            place bigint not null,
            replay_until bigint not null default 0,
            primary key (subscription, partition));
        create table if not exists eventing.held (
            id bigint generated always as identity primary key,
            subscription text not null,
            partition int not null,
            place bigint not null,
            key text not null,
            state text not null check (state in ('dead', 'waiting', 'skipped')),
            appended_at timestamptz not null,
            attributes bytea not null,
            data bytea,
            replay boolean not null default false,
            attempts int not null default 0,
            code int,
            error text,
            reason text,
            at timestamptz not null,
            unique (subscription, partition, place));
        create index if not exists held_by_key on eventing.held (subscription, partition, key, place) where state <> 'skipped';
        create table if not exists eventing.schemas (
            type text primary key,
            document text not null,
            changed_at timestamptz not null);
        """;

    public static async Task EnsureAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var gate = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection, transaction) { Parameters = { new() { Value = LockId } } })
        {
            await gate.ExecuteNonQueryAsync(cancellation);
        }

        await using (var tables = new NpgsqlCommand(Definition, connection, transaction))
        {
            await tables.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }
}
