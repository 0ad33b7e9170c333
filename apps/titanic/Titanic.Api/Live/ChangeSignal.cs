namespace Titanic.Api.Live;

/// <summary>Tells open streams that something was committed somewhere.</summary>
internal sealed class ChangeSignal
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = New();
    private long _number;

    /// <summary>How many signals there were; to be read before looking, so that none is overlooked.</summary>
    public long Number => Interlocked.Read(ref _number);

    public void Give()
    {
        TaskCompletionSource given;
        lock (_lock)
        {
            _number++;
            (given, _next) = (_next, New());
        }

        given.TrySetResult();
    }

    /// <summary>Ends when there is a signal after the given one.</summary>
    public Task After(long number)
    {
        lock (_lock)
        {
            return _number > number ? Task.CompletedTask : _next.Task;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
