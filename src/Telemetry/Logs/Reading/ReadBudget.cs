using System.Globalization;
using Slipway.Model.Failures;

namespace Slipway.Telemetry.Logs.Reading;

/// <summary>
/// A query ran into one of its bounds. An exception, since it is met deep inside of loops that have nothing to say about it; the
/// engine makes a value of it.
/// </summary>
internal sealed class QueryStoppedException(Failure failure) : Exception(failure.Detail)
{
    public Failure Failure => failure;
}

/// <summary>What one query may use, and what it has used.</summary>
internal sealed class ReadBudget(LogQlOptions options, TimeProvider time, CancellationToken cancellation)
{
    private readonly long _started = time.GetTimestamp();

    public long Bytes { get; private set; }

    public long Lines { get; private set; }

    public long Blocks { get; private set; }

    public long BlocksPassedOver { get; set; }

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    public void Spend(long bytes, long lines)
    {
        Bytes += bytes;
        Lines += lines;
        Blocks++;
        if (Bytes > options.BytesMax)
        {
            throw new QueryStoppedException(new Failure(
                FailureKind.Exhausted, "query-too-large",
                string.Create(CultureInfo.InvariantCulture, $"the query would read more than {options.BytesMax >> 20} MiB; ask for a shorter time or for fewer streams")));
        }

        Check();
    }

    public void Check()
    {
        cancellation.ThrowIfCancellationRequested();
        if (Elapsed > options.Timeout)
        {
            throw new QueryStoppedException(new Failure(
                FailureKind.Exhausted, "query-timeout",
                string.Create(CultureInfo.InvariantCulture, $"the query took longer than {options.Timeout.TotalSeconds:0} s; ask for a shorter time or for fewer streams")));
        }
    }
}
