using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Paging;
using Todo.Api.Lists;
using Todo.Api.Todos;

namespace Todo.Api.Endpoints.Lists;

internal sealed record ListBody
{
    public string? Name { get; set; }

    public string? Color { get; set; }
}

/// <summary>What may be changed of a list; its place is among the caller's own lists.</summary>
internal sealed record ListPatchBody
{
    public string? Name { get; set; }

    public string? Color { get; set; }

    public Guid? AfterId { get; set; }
}

/// <summary>A list as one of its members reads it: role and position are that member's own.</summary>
internal sealed record ListDocument
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string? Color { get; init; }

    public required string Position { get; init; }

    public required string Role { get; init; }

    public required bool Shared { get; init; }

    public required bool Inbox { get; init; }

    public required long OpenCount { get; init; }

    public required long Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required DateTimeOffset? DeletedAt { get; init; }

    public required DateTimeOffset? PurgeAt { get; init; }
}

internal sealed record ListPage(IReadOnlyList<ListDocument> Items, Page Page);

internal static class ListDocuments
{
    private const string Select =
        $"""
        select {ListRows.Columns}, m.role, m.position,
            exists (select 1 from list_members o where o.list_id = l.id and o.user_id <> m.user_id),
            (select count(*) from todos t where t.list_id = l.id and t.deleted_at is null and not t.completed)
        from list_members m join lists l on l.id = m.list_id
        """;

    public static NpgsqlCommand All(NpgsqlConnection connection, Guid person, bool live, bool deleted) =>
        connection.Command($"{Select} where m.user_id = $1 and ((l.deleted_at is null and $2) or (l.deleted_at is not null and $3)) order by m.position, l.id", person, live, deleted);

    public static Task<ListDocument?> FindAsync(NpgsqlConnection connection, Guid person, Guid list, bool deletedToo, CancellationToken cancellation) =>
        connection.Command($"{Select} where m.user_id = $1 and l.id = $2 and ($3 or l.deleted_at is null)", person, list, deletedToo).OneAsync(Read, cancellation);

    public static async Task<ListDocument> InTransactionAsync(NpgsqlTransaction transaction, Guid person, Guid list, CancellationToken cancellation) =>
        await transaction.Command($"{Select} where m.user_id = $1 and l.id = $2", person, list).OneAsync(Read, cancellation)
            ?? throw new InvalidOperationException("A list was written that its writer cannot see.");

    public static ListDocument Read(NpgsqlDataReader row)
    {
        var list = ListRows.Read(row);
        return new ListDocument
        {
            Id = list.Id,
            Name = list.Name,
            Color = list.Color,
            Position = row.GetString(10),
            Role = row.GetString(9),
            Shared = row.GetBoolean(11),
            Inbox = list.Inbox,
            OpenCount = row.GetInt64(12),
            Version = list.Version,
            CreatedAt = list.CreatedAt,
            UpdatedAt = list.UpdatedAt,
            DeletedAt = list.DeletedAt,
            PurgeAt = list.DeletedAt + Trash.Keep,
        };
    }
}
