using Npgsql;
using Slipway.Sdk.Database;
using Todo.Api.Dates;
using Todo.Api.Searching;

namespace Todo.Api.Todos;

/// <summary>The table of todos, row by row.</summary>
internal sealed class TodoRows(SearchLanguages languages)
{
    public const string Columns =
        """
        t.id, t.user_id, t.list_id, t.parent_id, t.created_by, t.title, t.notes, t.category, t.priority, t.tags, t.due_date, t.due_time,
        t.due_time_zone, t.recurrence, t.reminders, t.position, t.completed, t.completed_at, t.created_at, t.updated_at, t.deleted_at, t.version
        """;

    private const string Insert =
        """
        insert into todos (id, user_id, list_id, parent_id, created_by, title, notes, category, priority, tags, due_date, due_time,
            due_time_zone, due_at, recurrence, reminders, next_reminder_at, position, completed, completed_at, created_at, updated_at,
            deleted_at, version, search)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
            todo_search($25::regconfig[], $6, $7, $8, $10))
        on conflict (id) do nothing
        """;

    public static TodoState Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        OwnerId = row.GetGuid(1),
        ListId = row.GetGuid(2),
        ParentId = row.OrNull<Guid>(3),
        CreatedBy = row.GetGuid(4),
        Content = new TodoContent
        {
            Title = row.GetString(5),
            Notes = row.GetString(6),
            Category = row.TextOrNull(7),
            Priority = (Priority)row.GetInt16(8),
            Tags = [.. row.GetFieldValue<string[]>(9)],
            Due = row.OrNull<DateOnly>(10) is { } date ? new Due(date, row.OrNull<TimeOnly>(11), row.TextOrNull(12)) : null,
            Recurrence = row.TextOrNull(13),
            Reminders = [.. row.GetFieldValue<int[]>(14)],
        },
        Position = row.GetString(15),
        Completed = row.GetBoolean(16),
        CompletedAt = row.OrNull<DateTimeOffset>(17),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(18),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(19),
        DeletedAt = row.OrNull<DateTimeOffset>(20),
        Version = row.GetInt64(21),
    };

    /// <summary>False when there is a todo with this id already.</summary>
    public async Task<bool> InsertAsync(NpgsqlTransaction transaction, TodoState todo, CancellationToken cancellation) =>
        await transaction.Command(
            Insert,
            Values(todo)).ExecuteAsync(cancellation) == 1;

    /// <summary>All rows in few round trips.</summary>
    public async Task InsertManyAsync(NpgsqlTransaction transaction, IReadOnlyList<TodoState> todos, CancellationToken cancellation)
    {
        foreach (var chunk in todos.Chunk(250))
        {
            await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
            foreach (var todo in chunk)
            {
                await using var command = transaction.Command(Insert, Values(todo));
                var item = new NpgsqlBatchCommand(Insert);
                foreach (var parameter in command.Parameters.ToList())
                {
                    item.Parameters.Add(parameter.Clone());
                }

                batch.BatchCommands.Add(item);
            }

            await batch.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <summary>Writes the whole row; the caller holds its lock.</summary>
    public Task UpdateAsync(NpgsqlTransaction transaction, TodoState todo, CancellationToken cancellation) =>
        transaction.Command(
            """
            update todos set user_id = $2, list_id = $3, parent_id = $4, created_by = $5, title = $6, notes = $7, category = $8, priority = $9,
                tags = $10, due_date = $11, due_time = $12, due_time_zone = $13, due_at = $14, recurrence = $15, reminders = $16,
                next_reminder_at = $17, position = $18, completed = $19, completed_at = $20, created_at = $21, updated_at = $22,
                deleted_at = $23, version = $24,
                search = case when (title, notes, category, tags) is distinct from ($6, $7, $8, $10)
                    then todo_search($25::regconfig[], $6, $7, $8, $10) else search end
            where id = $1
            """,
            Values(todo)).ExecuteAsync(cancellation);

    private object?[] Values(TodoState todo)
    {
        var content = todo.Content;
        return
        [
            todo.Id, todo.OwnerId, todo.ListId, Parameters.Id(todo.ParentId), todo.CreatedBy, content.Title, content.Notes, Parameters.Text(content.Category),
            (short)content.Priority, content.Tags.ToArray(), Parameters.Date(content.Due?.Date), Parameters.Time(content.Due?.Time),
            Parameters.Text(content.Due?.TimeZone), Parameters.Instant(todo.DueAt), Parameters.Text(content.Recurrence), content.Reminders.ToArray(),
            Parameters.Instant(Reminders.NextAfter(todo.UpdatedAt, todo)), todo.Position, todo.Completed, Parameters.Instant(todo.CompletedAt),
            todo.CreatedAt, todo.UpdatedAt, Parameters.Instant(todo.DeletedAt), todo.Version, languages.Names,
        ];
    }
}
