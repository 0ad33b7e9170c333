using Slipway.Sdk.Database;
using Todo.Api.Changes;

namespace Todo.Api.Upkeep;

/// <summary>What time alone brings about: reminders come due, the trash is emptied, old notes go. One instance at a time does it.</summary>
internal sealed class Housekeeping(Edits edits)
{
    private const long Lock = 0x70D0_0000_0000_0001;
    private const int RoundsMax = 1000;

    private static readonly Actor s_clock = new(Guid.Empty, "clock", null);
    private static readonly TimeSpan s_notesKeep = TimeSpan.FromDays(3);
    private static readonly TimeSpan s_historyKeep = TimeSpan.FromDays(400);

    /// <summary>Does what is due, in helpings, each in a transaction of its own. Answers how many helpings there were.</summary>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var rounds = 0;
        while (rounds < RoundsMax && await RemindAsync(cancellation))
        {
            rounds++;
        }

        while (rounds < RoundsMax && await PurgeAsync(cancellation))
        {
            rounds++;
        }

        return rounds;
    }

    private Task<bool> RemindAsync(CancellationToken cancellation) =>
        edits.RunAsync(s_clock, async (edit, token) => await HasTurnAsync(edit, token) && await RemindersDue.RunAsync(edit, token), cancellation);

    private Task<bool> PurgeAsync(CancellationToken cancellation) => edits.RunAsync(
        s_clock,
        async (edit, token) =>
        {
            if (!await HasTurnAsync(edit, token))
            {
                return false;
            }

            await ForgetAsync(edit, token);
            return await Purging.OverdueAsync(edit.Transaction, edit.Now, token);
        },
        cancellation);

    /// <summary>Notes serve followers for a day; what was changed longer ago than a year nobody undoes. Ids grow with time.</summary>
    private static async Task ForgetAsync(Edit edit, CancellationToken cancellation)
    {
        await edit.Transaction.Command(
            """
            delete from changes where (group_id, number) in (
                select group_id, number from changes where after is null and at < $1 order by at limit 500)
            """,
            edit.Now - s_notesKeep).ExecuteAsync(cancellation);
        await edit.Transaction.Command(
            """
            delete from changes where (group_id, number) in (
                select group_id, number from changes where group_id < $1 order by group_id limit 500)
            """,
            Guid.CreateVersion7(edit.Now - s_historyKeep)).ExecuteAsync(cancellation);
    }

    private static async Task<bool> HasTurnAsync(Edit edit, CancellationToken cancellation) =>
        await edit.Transaction.Command("select pg_try_advisory_xact_lock($1)", Lock).OneAsync(row => row.GetBoolean(0), cancellation);
}
