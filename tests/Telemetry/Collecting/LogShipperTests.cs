using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Telemetry.Collecting;

namespace Slipway.Telemetry.Tests.Collecting;

public sealed class LogShipperTests : IDisposable
{
    private static readonly DateTimeOffset s_noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-shipper-").FullName;
    private readonly WrittenLines _instance = new();

    private string Positions => Path.Combine(_folder, "positions");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_restart_neither_loses_nor_repeats_a_line()
    {
        var sink = new MemoryLogs();
        _instance.Write(s_noon, "one", "two");
        await using (new RunningShipper(_instance, sink, Positions))
        {
            await Until.HoldsAsync(() => sink.Lines.Count == 2, "two lines were taken");
            // The same stamp as before: what tells them apart is how many of it were taken.
            _instance.Write(s_noon, "three");
            await Until.HoldsAsync(() => sink.Lines.Count == 3, "three lines were taken");
        }

        _instance.Write(s_noon, "four");
        _instance.Write(s_noon.AddSeconds(1), "five");
        await using (new RunningShipper(_instance, sink, Positions))
        {
            await Until.HoldsAsync(() => sink.Lines.Count >= 5, "all lines were taken");
        }

        Assert.Equal(["one", "two", "three", "four", "five"], sink.Lines);
        Assert.Equal(5, sink.Records.Select(record => record.Nanoseconds).Distinct().Count());
    }

    [Fact]
    public async Task A_crash_before_positions_are_written_loses_nothing()
    {
        var before = new MemoryLogs();
        _instance.Write(s_noon, "one", "two");
        var shipper = new RunningShipper(_instance, before, Positions);
        await Until.HoldsAsync(() => before.Lines.Count == 2, "the lines were taken");
        // Killed: whatever is in the file of positions at this moment is what the next life finds.
        var found = File.Exists(Positions) ? await File.ReadAllTextAsync(Positions, TestContext.Current.CancellationToken) : null;
        await shipper.DisposeAsync();
        File.Delete(Positions);
        if (found is not null)
        {
            await File.WriteAllTextAsync(Positions, found, TestContext.Current.CancellationToken);
        }

        _instance.Write(s_noon.AddSeconds(5), "three");
        var after = new MemoryLogs();
        await using (new RunningShipper(_instance, after, Positions))
        {
            await Until.HoldsAsync(() => after.Lines.Contains("three"), "the line of the next life was taken");
        }

        Assert.Superset(new HashSet<string> { "one", "two", "three" }, before.Lines.Concat(after.Lines).ToHashSet());
    }

    [Fact]
    public async Task An_instance_that_has_ended_is_taken_to_its_last_line_and_not_read_again()
    {
        var sink = new MemoryLogs();
        _instance.Write(s_noon, "last words");
        _instance.End();
        await using (new RunningShipper(_instance, sink, Positions))
        {
            await Until.HoldsAsync(() => sink.Lines.Count == 1, "the line was taken");
        }

        var reads = _instance.Reads;
        await using (new RunningShipper(_instance, sink, Positions))
        {
            await Until.HoldsAsync(() => File.Exists(Positions), "the shipper made its round");
        }

        Assert.Equal((reads, 1), (_instance.Reads, sink.Lines.Count));
    }

    [Fact]
    public void A_line_is_kept_with_where_it_comes_from_and_what_it_says_of_itself()
    {
        var source = _instance.Source;
        var record = source.Describe(new SourceLine(s_noon, "stderr", """{"level":"error","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}""", "0:1"));

        Assert.Equal(
            "{instance=\"orders-00001-a\",level=\"error\",namespace=\"shop\",revision=\"orders-00001\",service=\"orders\",stream=\"stderr\"}", record.Stream.ToString());
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", record.TraceId);
    }

    private sealed class RunningShipper : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public RunningShipper(WrittenLines instance, MemoryLogs sink, string positions)
        {
            var shipper = new LogShipper(instance, sink, positions, TimeProvider.System, NullLogger<LogShipper>.Instance);
            _running = Task.Run(() => shipper.RunAsync(_stop.Token));
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _stop.Dispose();
        }
    }

    /// <summary>An instance whose lines the test writes.</summary>
    private sealed class WrittenLines : ILogSources
    {
        private readonly Lock _gate = new();
        private readonly List<InstanceLine> _lines = [];
        private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _ended;
        private int _reads;

        public WrittenLines() => Source = new InstanceLogSource("shop", "orders", "orders-00001", "orders-00001-a", () => _ended, ReadAsync);

        public InstanceLogSource Source { get; }

        public int Reads => Volatile.Read(ref _reads);

        public IReadOnlyList<LogSource> Now() => [Source];

        public void Write(DateTimeOffset at, params string[] lines)
        {
            lock (_gate)
            {
                _lines.AddRange(lines.Select(line => new InstanceLine(at, false, line)));
                Tell();
            }
        }

        public void End()
        {
            lock (_gate)
            {
                _ended = true;
                Tell();
            }
        }

        private void Tell()
        {
            _news.TrySetResult();
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        private async IAsyncEnumerable<InstanceLine> ReadAsync(DateTimeOffset? since, [EnumeratorCancellation] CancellationToken cancellation)
        {
            Interlocked.Increment(ref _reads);
            var next = 0;
            while (true)
            {
                List<InstanceLine> lines;
                Task news;
                bool ended;
                lock (_gate)
                {
                    (lines, news, ended) = (_lines[next..], _news.Task, _ended);
                    next = _lines.Count;
                }

                foreach (var line in lines.Where(line => since is null || line.At >= since))
                {
                    yield return line;
                }

                if (ended)
                {
                    yield break;
                }

                await news.WaitAsync(cancellation);
            }
        }
    }
}
