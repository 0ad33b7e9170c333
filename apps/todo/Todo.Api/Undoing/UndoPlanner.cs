using Slipway.Sdk.Problems;
using Todo.Api.Lists;
using Todo.Api.Todos;

namespace Todo.Api.Undoing;

/// <summary>A change as it was recorded. Without a state on either side it is a note, which cannot be undone.</summary>
internal sealed record RecordedChange(string Kind, Guid Subject, string Action, long Version)
{
    public TodoState? TodoBefore { get; init; }

    public ListState? ListBefore { get; init; }

    public bool HasState { get; init; }
}

/// <summary>One thing to do for taking a write back.</summary>
internal abstract record UndoStep
{
    /// <summary>Back to how it was.</summary>
    public sealed record PutTodoBack(TodoState State) : UndoStep;

    /// <summary>It was not there before, so it goes into the trash.</summary>
    public sealed record DiscardTodo(Guid Id) : UndoStep;

    public sealed record PutListBack(ListState State) : UndoStep;

    public sealed record DiscardList(Guid Id) : UndoStep;
}

/// <summary>Decides how to take a write back as a whole, or why that is not possible any more.</summary>
internal static class UndoPlanner
{
    public static Problem NothingToUndo { get; } =
        Problem.Conflict("notUndoable", "Cannot be undone", "This write holds nothing that can be put back as it was.");

    public static Problem Overtaken { get; } =
        Problem.Conflict("changedSince", "Changed meanwhile", "Somebody changed this after you. Undoing now would lose that change.");

    /// <param name="changes">In the order in which they were made.</param>
    /// <param name="versions">The present versions; what is gone is not in it.</param>
    public static Outcome<IReadOnlyList<UndoStep>> Plan(IReadOnlyList<RecordedChange> changes, IReadOnlyDictionary<Guid, long> versions)
    {
        var steps = new List<UndoStep>();
        foreach (var subject in changes.Where(change => change.HasState).GroupBy(change => change.Subject).Reverse())
        {
            // Of several changes to one thing the last one says what must still be so, the first one where to go back to.
            if (!versions.TryGetValue(subject.Key, out var version) || version != subject.Last().Version)
            {
                return Overtaken;
            }

            var first = subject.First();
            steps.Add(first switch
            {
                { TodoBefore: { } todo } => new UndoStep.PutTodoBack(todo),
                { ListBefore: { } list } => new UndoStep.PutListBack(list),
                { Kind: Changes.ChangeKind.List } => new UndoStep.DiscardList(subject.Key),
                _ => new UndoStep.DiscardTodo(subject.Key),
            });
        }

        return steps.Count == 0 ? NothingToUndo : steps;
    }
}
