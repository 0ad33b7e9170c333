namespace Slipway.Telemetry.Collecting;

/// <summary>One line of a source, before anybody looked at what it says.</summary>
/// <param name="Stream"><c>stdout</c> or <c>stderr</c>.</param>
/// <param name="Position">Where to go on behind this line; opaque, but never the same for two lines of a source.</param>
public readonly record struct SourceLine(DateTimeOffset At, string Stream, string Text, string Position);

/// <summary>Somebody who writes lines, from beginning to end.</summary>
public abstract class LogSource(string id)
{
    /// <summary>Stays the same over restarts of the server; how far the source was taken is remembered by it.</summary>
    public string Id { get; } = id;

    /// <summary>It will never write again, and everything it wrote can be read.</summary>
    public virtual bool HasEnded => false;

    /// <summary>Every line behind a position (null: from what is still there), then those that come; ends when the source has ended.</summary>
    public abstract IAsyncEnumerable<SourceLine> ReadAsync(string? position, CancellationToken cancellation);

    /// <summary>How a line of it is kept.</summary>
    public abstract Logs.LogRecord Describe(SourceLine line);
}

/// <summary>Everybody who writes lines at this moment, and those that have ended and whose lines are still there.</summary>
public interface ILogSources
{
    IReadOnlyList<LogSource> Now();
}
