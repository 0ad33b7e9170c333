using Npgsql;
using Slipway.Sdk.Database;

namespace Todo.Api.Baseline;

/// <summary>
/// The command <c>baseline-indexes drop|create</c>: takes the indexes away that make lists fast, for measuring what they are worth, and puts
/// them back. Both can be repeated.
/// </summary>
internal static class BaselineIndexes
{
    private static readonly (string Name, string On)[] s_indexes =
    [
        ("idx_todos_user_id", "todos (user_id)"),
        ("idx_todos_created_at", "todos (created_at)"),
        ("todos_user_position", "todos (user_id, position, id) where deleted_at is null"),
        ("todos_user_created", "todos (user_id, created_at, id) where deleted_at is null"),
        ("todos_user_due", "todos (user_id, due_at, id) where deleted_at is null and not completed"),
    ];

    public static async Task<int> RunAsync(Database database, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        if (arguments is not ["drop" or "create"])
        {
            await Console.Error.WriteLineAsync("Say what to do with the indexes: baseline-indexes drop, or baseline-indexes create.");
            return 64;
        }

        var drop = arguments[0] == "drop";
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        foreach (var (name, on) in s_indexes)
        {
            // Names and definitions are constants above; building an index may take longer than a call.
            await using var command = new NpgsqlCommand(
                drop ? $"drop index concurrently if exists {name}" : $"create index concurrently if not exists {name} on {on}", connection);
            command.CommandTimeout = 600;
            await command.ExecuteNonQueryAsync(cancellation);
        }

        await Console.Out.WriteLineAsync(drop ? "The indexes are gone." : "The indexes are there.");
        return 0;
    }
}
