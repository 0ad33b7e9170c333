using Npgsql;
using Slipway.Sdk.Database;

namespace Slipway.Identity.Privacy;

internal static class ErasureStore
{
    private const string Columns = "user_id, requested_at, due_at, anonymised_at";

    public static Task<Erasure?> FindAsync(NpgsqlConnection connection, Guid userId, CancellationToken cancellation) =>
        connection.Command($"select {Columns} from erasures where user_id = $1", userId).OneAsync(Read, cancellation);

    public static Task<Erasure?> TakeAsync(NpgsqlTransaction tx, Guid userId, CancellationToken cancellation) =>
        tx.Command($"select {Columns} from erasures where user_id = $1 for update", userId).OneAsync(Read, cancellation);

    /// <summary>Asking again does not move the day.</summary>
    public static Task RequestAsync(NpgsqlTransaction tx, Guid userId, DateTimeOffset now, CancellationToken cancellation) => tx.Command(
        "insert into erasures (user_id, requested_at, due_at) values ($1, $2, $3) on conflict (user_id) do nothing",
        userId, now, ErasureRule.DueAt(now)).ExecuteAsync(cancellation);

    public static Task<int> WithdrawAsync(NpgsqlTransaction tx, Guid userId, CancellationToken cancellation) =>
        tx.Command("delete from erasures where user_id = $1 and anonymised_at is null", userId).ExecuteAsync(cancellation);

    /// <summary>Some of the accounts whose time is over, taken by this worker alone.</summary>
    public static Task<List<Guid>> DueAsync(NpgsqlTransaction tx, DateTimeOffset now, int most, CancellationToken cancellation) => tx.Command(
        "select user_id from erasures where anonymised_at is null and due_at <= $1 order by due_at limit $2 for update skip locked", now, most)
        .ListAsync(row => row.GetGuid(0), cancellation);

    /// <summary>Overwrites what is personal. The account may be missing already, as after a restore.</summary>
    public static async Task CarryOutAsync(NpgsqlTransaction tx, Guid userId, DateTimeOffset now, CancellationToken cancellation)
    {
        var emails = await tx.Command("select lower(email), lower(email_typed) from users where id = $1 for update", userId)
            .OneAsync(row => new[] { row.GetString(0), row.GetString(1) }, cancellation) ?? [];
        foreach (var step in ErasurePlan.Steps)
        {
            await tx.Command(step.Sql, userId, emails, now).ExecuteAsync(cancellation);
        }

        await tx.Command("update erasures set anonymised_at = coalesce(anonymised_at, $2) where user_id = $1", userId, now).ExecuteAsync(cancellation);
    }

    /// <summary>Takes an entry of a list written before a restore; what is known here already stays as it is.</summary>
    public static Task RememberAsync(NpgsqlTransaction tx, Erasure erasure, CancellationToken cancellation) => tx.Command(
        "insert into erasures (user_id, requested_at, due_at) values ($1, $2, $3) on conflict (user_id) do nothing",
        erasure.UserId, erasure.RequestedAt, erasure.DueAt).ExecuteAsync(cancellation);

    public static Task<List<Erasure>> AfterAsync(NpgsqlConnection connection, Guid after, int most, CancellationToken cancellation) =>
        connection.Command($"select {Columns} from erasures where user_id > $1 order by user_id limit $2", after, most).ListAsync(Read, cancellation);

    private static Erasure Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2), row.OrNull<DateTimeOffset>(3));
}
