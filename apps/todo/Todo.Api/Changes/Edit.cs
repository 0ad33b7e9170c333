using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Slipway.Sdk.Database;
using Todo.Api.Lists;
using Todo.Api.Todos;

namespace Todo.Api.Changes;

/// <summary>
/// One write of one person, from beginning to commit. It collects what changed; the rows it saves are at once the history, what can be
/// undone, and what other devices hear of.
/// </summary>
internal sealed class Edit(NpgsqlTransaction transaction, Actor actor, Guid id, DateTimeOffset now)
{
    private readonly List<Change> _changes = [];

    public NpgsqlTransaction Transaction => transaction;

    public Actor Actor => actor;

    /// <summary>Names all changes of this write together, for undoing them.</summary>
    public Guid Id => id;

    public DateTimeOffset Now => now;

    public bool HasChanges => _changes.Count > 0;

    public IReadOnlyList<Change> Changes => _changes;

    public void Record(string action, TodoState? before, TodoState after) => _changes.Add(new Change(
        ChangeKind.Todo, after.Id, after.ListId, null, action, after.Version,
        before is null ? null : JsonSerializer.Serialize(before, StateJson.Default.TodoState),
        JsonSerializer.Serialize(after, StateJson.Default.TodoState)));

    public void Record(string action, ListState? before, ListState after) => _changes.Add(new Change(
        ChangeKind.List, after.Id, after.Id, null, action, after.Version,
        before is null ? null : JsonSerializer.Serialize(before, StateJson.Default.ListState),
        JsonSerializer.Serialize(after, StateJson.Default.ListState)));

    /// <summary>For things that happen but are not states to come back to.</summary>
    /// <param name="onlyFor">The one person who hears of it; all members when null.</param>
    public void Note(string kind, string action, Guid subject, Guid list, long version, Guid? onlyFor = null) =>
        _changes.Add(new Change(kind, subject, list, onlyFor, action, version, null, null));

    public async Task SaveAsync(CancellationToken cancellation)
    {
        if (_changes.Count == 0)
        {
            return;
        }

        if (_changes is [var only])
        {
            await transaction.AtCommitAsync(
                """
                insert into changes (group_id, number, kind, subject_id, list_id, user_id, actor_id, actor_name, action, version, at, before, after)
                values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                """,
                cancellation,
                id, only.Kind, only.Subject, only.List, Parameters.Id(only.OnlyFor), actor.Id, Parameters.Text(actor.Name), only.Action, only.Version, now,
                Sql.Json(only.Before), Sql.Json(only.After));
            return;
        }

        await transaction.AtCommitAsync(
            """
            insert into changes (group_id, number, kind, subject_id, list_id, user_id, actor_id, actor_name, action, version, at, before, after)
            select $1, ordinality, kind, subject, list, nullif(only_for, '00000000-0000-0000-0000-000000000000'), $2, $3, action, version, $4,
                before::jsonb, after::jsonb
            from unnest($5::text[], $6::uuid[], $7::uuid[], $8::uuid[], $9::text[], $10::bigint[], $11::text[], $12::text[])
                with ordinality as rows (kind, subject, list, only_for, action, version, before, after, ordinality)
            """,
            cancellation,
            id, actor.Id, Parameters.Text(actor.Name), now,
            Column(change => change.Kind), Column(change => change.Subject), Column(change => change.List),
            Column(change => change.OnlyFor ?? Guid.Empty), Column(change => change.Action), Column(change => change.Version),
            Texts(change => change.Before), Texts(change => change.After));
    }

    private T[] Column<T>(Func<Change, T> value) => [.. _changes.Select(value)];

    private NpgsqlParameter Texts(Func<Change, string?> value) =>
        new() { Value = _changes.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}

/// <summary>One thing that changed, with how it was and how it is as documents; without both it is only a note.</summary>
/// <param name="OnlyFor">The one person who hears of it; all members when null.</param>
internal sealed record Change(string Kind, Guid Subject, Guid List, Guid? OnlyFor, string Action, long Version, string? Before, string? After);

internal static class ChangeKind
{
    public const string Todo = "todo";
    public const string List = "list";
    public const string Member = "member";
    public const string Reminder = "reminder";
}
