using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Store.Writes;

/// <summary>
/// One write on its way through the lane. Its writer may stop waiting at any time; whether that means "certainly not
/// written" or "in doubt" depends on how far the lane has got, so both sides agree on it through one atomic state.
/// </summary>
internal abstract class PendingWrite(ResourceKey key, int bytes)
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Left = 2;

    private readonly TaskCompletionSource<Outcome<Resource>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state = Waiting;

    public ResourceKey Key { get; } = key;

    public int Bytes { get; } = bytes;

    public Task<Outcome<Resource>> Answer => _answer.Task;

    public abstract Decision Decide(Func<ResourceKey, Resource?> find, in DecisionContext context);

    /// <summary>The lane takes it; false when its writer has left.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>The lane could not keep it and will try again; false when its writer has left meanwhile.</summary>
    public bool TryPutBack() => Interlocked.CompareExchange(ref _state, Waiting, Taken) == Taken;

    /// <summary>The writer leaves. True when the write was not begun and now never will be.</summary>
    public bool Leave() => Interlocked.Exchange(ref _state, Left) == Waiting;

    public void AnswerWith(Outcome<Resource> outcome) => _answer.TrySetResult(outcome);

    /// <summary>A bug met while deciding belongs to the writer that met it and to nobody else in the lane.</summary>
    public void FailWith(Exception bug) => _answer.TrySetException(bug);
}

internal sealed class PendingCreate(Resource draft) : PendingWrite(draft.Key, draft.Body.Length)
{
    public override Decision Decide(Func<ResourceKey, Resource?> find, in DecisionContext context)
    {
        var home = draft.Kind.Namespaced ? find(new ResourceKey(Kinds.Namespace, "", draft.Namespace)) : null;
        return WriteRules.Create(draft, find(draft.Key), home, context);
    }
}

internal sealed class PendingReplace(Resource next, Func<string, bool> namespaceIsEmpty) : PendingWrite(next.Key, next.Body.Length)
{
    public override Decision Decide(Func<ResourceKey, Resource?> find, in DecisionContext context)
    {
        var decision = WriteRules.Replace(next, find(next.Key), context);
        var strips = next.Kind == Kinds.Namespace
            && decision is Decision.Make { Change.Before: { IsDeleting: true } before, Change.Resource: var after }
            && before.Metadata.Finalizers?.Contains(Finalizers.NamespaceContents) == true
            && after.Metadata.Finalizers?.Contains(Finalizers.NamespaceContents) != true;
        return strips && !namespaceIsEmpty(next.Name) ? StoreFailures.NamespaceNotEmpty(next.Key) : decision;
    }
}

internal sealed class PendingDelete(ResourceKey key, DeleteOptions options) : PendingWrite(key, 0)
{
    public override Decision Decide(Func<ResourceKey, Resource?> find, in DecisionContext context) =>
        WriteRules.Delete(Key, find(Key), options, context);
}
