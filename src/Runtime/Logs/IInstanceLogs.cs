namespace Slipway.Runtime.Logs;

public enum LogStream
{
    Output,
    Error,
}

public sealed record LogLine(DateTimeOffset At, LogStream Stream, string Text);

/// <param name="Follow">Go on with new lines until the instance ends or the caller cancels.</param>
/// <param name="Tail">Only the last so many lines of what is there; null means all.</param>
public sealed record LogQuery(bool Follow = false, int? Tail = null, DateTimeOffset? Since = null);

/// <summary>What instances have written, oldest first, across rotated files and across restarts of the control plane.</summary>
public interface IInstanceLogs
{
    bool Exists(string instanceId);

    IAsyncEnumerable<LogLine> ReadAsync(string instanceId, LogQuery query, CancellationToken cancellation);
}
