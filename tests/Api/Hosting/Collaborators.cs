using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Slipway.Api.Pods;
using Slipway.Model.Failures;
using Slipway.Runtime.Logs;

namespace Slipway.Api.Tests.Hosting;

/// <summary>Logs in memory that can be followed.</summary>
internal sealed class RecordedLogs : IInstanceLogs
{
    private readonly ConcurrentDictionary<string, (List<LogLine> Lines, Channel<LogLine> More)> _logs = new();

    public void Write(string instance, DateTimeOffset at, string text)
    {
        var log = _logs.GetOrAdd(instance, _ => ([], Channel.CreateUnbounded<LogLine>()));
        var line = new LogLine(at, LogStream.Output, text);
        lock (log.Lines)
        {
            log.Lines.Add(line);
            log.More.Writer.TryWrite(line);
        }
    }

    public void End(string instance) => _logs[instance].More.Writer.TryComplete();

    public bool Exists(string instanceId) => _logs.ContainsKey(instanceId);

    public async IAsyncEnumerable<LogLine> ReadAsync(string instanceId, LogQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var log = _logs[instanceId];
        if (query.Follow)
        {
            await foreach (var line in log.More.Reader.ReadAllAsync(cancellation))
            {
                yield return line;
            }

            yield break;
        }

        List<LogLine> lines;
        lock (log.Lines)
        {
            lines = [.. log.Lines.Where(line => query.Since is null || line.At >= query.Since)];
        }

        foreach (var line in query.Tail is { } tail ? lines.TakeLast(tail) : lines)
        {
            yield return line;
        }
    }
}

internal sealed class RecordingRecycler : IInstanceRecycler
{
    public ConcurrentQueue<string> Recycled { get; } = new();

    public Task<Outcome<bool>> RecycleAsync(string @namespace, string podName, TimeSpan? grace, CancellationToken cancellation)
    {
        Recycled.Enqueue($"{@namespace}/{podName} {grace}");
        return Task.FromResult<Outcome<bool>>(true);
    }
}
