using System.Text.Json;
using Slipway.Sdk.Problems;
using Todo.Monitor.History;
using Todo.Monitor.Probing;
using Todo.Monitor.Status;

namespace Todo.Monitor.Checking;

/// <summary>
/// The verb <c>check</c>: look at every target, print what was seen, write it down, and forget what is too old. A service
/// that is down is a finding, not a failure of the check.
/// </summary>
internal sealed class CheckCommand(Prober prober, HistoryWriter writer, Retention retention, TimeProvider time)
{
    private const int NotWritten = 1;

    public async Task<int> RunAsync(TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        var checkedAt = time.GetUtcNow();
        var results = await prober.ProbeAllAsync(cancellation);
        await output.WriteLineAsync(JsonSerializer.Serialize(Reply(checkedAt, results), MonitorJson.Default.CheckReply));
        try
        {
            await writer.WriteAsync(checkedAt, results, cancellation);
            await retention.KeepAsync(checkedAt, cancellation);
            return 0;
        }
        catch (ProblemException exception)
        {
            await errors.WriteLineAsync($"The check could not be written: {exception.Problem.Detail}");
            return NotWritten;
        }
    }

    private static CheckReply Reply(DateTimeOffset checkedAt, IReadOnlyList<ProbeResult> results) => new(
        StatusReply.Instant(checkedAt),
        [.. results.Select(result => new CheckedService(result.Name, result.Url, result.Status, result.LatencyMs, result.Error))],
        OverallStatus.Of(results.Select(result => result.Status)));
}
