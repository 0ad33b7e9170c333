using System.Runtime.CompilerServices;
using Npgsql;

namespace Slipway.Sdk.Database;

/// <summary>
/// Statements of a transaction that nothing in it waits for. They travel together with its commit, so a row that is only written, such as
/// a history entry or an event for others, costs no journey of its own.
/// </summary>
public static class LastWords
{
    // By connection, because every transaction gets a fresh one, while the driver uses its transaction objects again.
    private static readonly ConditionalWeakTable<NpgsqlConnection, List<NpgsqlBatchCommand>> s_waiting = [];

    /// <summary>
    /// Sends the statement with the commit: after everything else, and the rest of the transaction does not see what it wrote. Should it
    /// fail, nothing is committed. In a transaction that somebody else commits it is run at once.
    /// </summary>
    public static Task AtCommitAsync(this NpgsqlTransaction transaction, string sql, CancellationToken cancellation, params ReadOnlySpan<object?> values)
    {
        if (transaction.Connection is not { } connection || !s_waiting.TryGetValue(connection, out var waiting))
        {
            return transaction.Command(sql, values).ExecuteAsync(cancellation);
        }

        var command = new NpgsqlBatchCommand(sql);
        Sql.Fill(command.Parameters, values);
        waiting.Add(command);
        return Task.CompletedTask;
    }

    /// <summary>From now on the statements wait for <see cref="Of"/>.</summary>
    internal static void Collect(NpgsqlConnection connection) => s_waiting.AddOrUpdate(connection, []);

    /// <summary>What was to be said belongs to an effect that is undone.</summary>
    internal static void Forget(NpgsqlTransaction transaction)
    {
        if (transaction.Connection is { } connection && s_waiting.TryGetValue(connection, out var waiting))
        {
            waiting.Clear();
        }
    }

    /// <summary>What was to be said at the end, in the order in which it was said.</summary>
    internal static IReadOnlyList<NpgsqlBatchCommand> Of(NpgsqlConnection connection) => s_waiting.TryGetValue(connection, out var waiting) ? waiting : [];
}
