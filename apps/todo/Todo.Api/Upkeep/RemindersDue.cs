using Slipway.Sdk.Database;
using Todo.Api.Changes;
using Todo.Api.Todos;

namespace Todo.Api.Upkeep;

/// <summary>Tells of todos whose reminder has come. Which reminder comes next is written in the same transaction.</summary>
internal static class RemindersDue
{
    private const int AtOnce = 200;

    /// <summary>True while there is more.</summary>
    public static async Task<bool> RunAsync(Edit edit, CancellationToken cancellation)
    {
        var due = await edit.Transaction.Command(
            $"select {TodoRows.Columns} from todos t where t.next_reminder_at <= $1 order by t.next_reminder_at limit $2 for update skip locked",
            edit.Now, AtOnce).ListAsync(TodoRows.Read, cancellation);
        foreach (var todo in due)
        {
            edit.Note(ChangeKind.Reminder, "due", todo.Id, todo.ListId, todo.Version);
            await edit.Transaction.Command(
                "update todos set next_reminder_at = $2 where id = $1", todo.Id, Parameters.Instant(Reminders.NextAfter(edit.Now, todo))).ExecuteAsync(cancellation);
        }

        return due.Count == AtOnce;
    }
}
