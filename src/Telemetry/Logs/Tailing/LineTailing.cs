using System.Text;
using System.Text.RegularExpressions;
using Slipway.Telemetry.Logs.Evaluating;
using Slipway.Telemetry.Logs.Language;
using Slipway.Telemetry.Logs.Pipeline;

namespace Slipway.Telemetry.Logs.Tailing;

/// <summary>A tail whose lines go through the stages of a query. They do so where they are read, not where they come in.</summary>
internal sealed class LineTailing(LogTail tail, LineQuery query) : IDisposable
{
    private readonly LinePipeline _pipeline = new(query.Stages);

    /// <summary>Waits for lines; perhaps none of them passes. Null when the store is closed.</summary>
    public async Task<(IReadOnlyList<LogLine> Lines, long Dropped)?> ReadAsync(CancellationToken cancellation)
    {
        if (await tail.ReadAsync(cancellation).ConfigureAwait(false) is not { } tailed)
        {
            return null;
        }

        var lines = new List<LogLine>(tailed.Lines.Count);
        foreach (var record in tailed.Lines)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Pass(record) is { } line)
            {
                lines.Add(line);
            }
        }

        return (lines, tailed.Dropped);
    }

    private LogLine? Pass(LogRecord record)
    {
        var passing = new PassingLine(Encoding.UTF8.GetBytes(record.Line), _pipeline.Labels);
        try
        {
            return _pipeline.Pass(record.Stream, ref passing)
                ? new LogLine(_pipeline.Labels.Build(), record.Nanoseconds, Encoding.UTF8.GetString(passing.Text), record.TraceId)
                : null;
        }
        catch (RegexMatchTimeoutException)
        {
            // A line for which the expression takes seconds is left out; those behind it are waited for.
            return null;
        }
    }

    public void Dispose() => tail.Dispose();
}
