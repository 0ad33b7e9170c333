using System.Diagnostics.Metrics;

namespace Todo.Api.Changes;

/// <summary>Counts what people do. Kinds and actions are words of this program, so there are only so many series.</summary>
internal sealed class ChangeMetrics(Meter meter)
{
    private readonly Counter<long> _changes = meter.CreateCounter<long>("todo.changes", "{change}", "Committed changes of todos, lists and members, and reminders that came due.");

    public void Count(Edit edit)
    {
        foreach (var change in edit.Changes)
        {
            _changes.Add(1, new("kind", change.Kind), new("action", change.Action));
        }
    }
}
