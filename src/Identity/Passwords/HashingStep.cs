namespace Slipway.Identity.Passwords;

/// <summary>Something one of the hashing threads is asked to do.</summary>
internal abstract class HashingStep
{
    /// <summary>The bcrypt cost of a step that may be done together with others of the same cost, else 0.</summary>
    public virtual int Cost => 0;

    /// <summary>Nobody waits for it any more; whoever asks is told.</summary>
    public abstract bool WasGivenUp();

    public abstract void Run();
}

internal class HashingStep<T>(Func<T> work, CancellationToken cancellation) : HashingStep
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Done => _done.Task;

    public override bool WasGivenUp()
    {
        if (!cancellation.IsCancellationRequested)
        {
            return false;
        }

        _done.TrySetCanceled(cancellation);
        return true;
    }

    public override void Run()
    {
        try
        {
            Finish(work());
        }
#pragma warning disable CA1031 // Whatever the work throws belongs to the one who asked for it; the worker must live on.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _done.TrySetException(failure);
        }
    }

    protected void Finish(T result) => _done.TrySetResult(result);
}

/// <summary>One bcrypt hash: by the C library when it is alone, else in the lanes.</summary>
internal sealed class BcryptStep(BcryptTask task, CancellationToken cancellation)
    : HashingStep<string?>(() => LibCrypt.Hash(task.Phrase, task.Setting), cancellation)
{
    public override int Cost => BcryptLanes.IsTrusted && BcryptLanes.Takes(task) ? Bcrypt.CostOf(task.Setting.AsSpan()) : 0;

    private BcryptTask Task => task;

    public static void RunTogether(BcryptStep[] steps)
    {
        var hashes = BcryptLanes.Hash([.. steps.Select(step => step.Task)]);
        foreach (var (step, hash) in steps.Zip(hashes))
        {
            step.Finish(hash);
        }
    }
}
