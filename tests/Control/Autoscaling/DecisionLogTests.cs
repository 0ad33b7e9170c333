using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Control.Autoscaling.Decisions;
using Slipway.Control.Tests.World;
using Slipway.Model.Serving;
using Slipway.Runtime.Endpoints;

namespace Slipway.Control.Tests.Autoscaling;

public sealed class DecisionLogTests : IDisposable
{
    private static readonly RevisionKey s_web = new("demo", "web-00001");

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-decisions-").FullName;
    private readonly ManualTime _time = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_newest_comes_first_and_only_so_many_are_kept()
    {
        var log = Log(new DecisionLogSettings { KeptPerRevision = 10 });
        for (var wanted = 1; wanted <= 25; wanted++)
        {
            log.Add(Decision(wanted, wanted - 1));
        }

        Assert.Equal([25, 24, 23], log.Find(s_web, 3).Select(decision => decision.Wanted));
        Assert.Equal(10, log.Find(s_web, 100).Count);
        Assert.Empty(log.Find(new RevisionKey("demo", "other"), 5));
    }

    [Fact]
    public void Equal_decisions_in_a_row_are_kept_once_with_their_number()
    {
        var log = Log(new DecisionLogSettings());
        log.Add(Decision(3, 1));
        for (var tick = 0; tick < 100; tick++)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            log.Add(Decision(3, 3));
        }

        var only = Assert.Single(log.Find(s_web, 10));
        Assert.Equal((101, TimeSpan.FromSeconds(200)), (only.Times, only.LastAt - only.At));
    }

    [Fact]
    public async Task Decisions_survive_a_restart()
    {
        var first = Log(new DecisionLogSettings { Folder = _folder });
        first.Add(Decision(1, 0));
        first.Add(Decision(4, 1) with { StableAverage = 250, Explanation = "4 instances: it was busy." });
        await WriteAll(first);

        var second = Log(new DecisionLogSettings { Folder = _folder });
        second.Load();
        var newest = second.Find(s_web, 1)[0];
        Assert.Equal((4, 250d, "4 instances: it was busy."), (newest.Wanted, newest.StableAverage, newest.Explanation));
        Assert.Equal(2, second.Find(s_web, 10).Count);
    }

    [Fact]
    public async Task Half_a_line_left_by_a_crash_is_skipped()
    {
        var first = Log(new DecisionLogSettings { Folder = _folder });
        first.Add(Decision(2, 1));
        await WriteAll(first);
        await File.AppendAllTextAsync(Assert.Single(Directory.GetFiles(_folder)), "{\"namespace\":\"de");

        var second = Log(new DecisionLogSettings { Folder = _folder });
        second.Load();
        Assert.Single(second.Find(s_web, 10));
    }

    [Fact]
    public async Task A_full_day_is_cut_and_old_days_are_removed()
    {
        for (var day = 0; day < 5; day++)
        {
            var log = Log(new DecisionLogSettings { Folder = _folder, BytesPerDay = 2000, DaysKept = 3 });
            for (var wanted = 1; wanted < 100; wanted++)
            {
                log.Add(Decision(wanted, wanted - 1));
            }

            await WriteAll(log);
            _time.Advance(TimeSpan.FromDays(1));
        }

        var files = Directory.GetFiles(_folder);
        Assert.Equal(3, files.Length);
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1000, 3000));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_stops_nothing()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "");
        var log = Log(new DecisionLogSettings { Folder = Path.Combine(file, "below") });
        log.Load();
        log.Add(Decision(1, 0));
        await WriteAll(log);
        Assert.Single(log.Find(s_web, 10));
    }

    [Fact]
    public void Past_load_can_be_replayed_under_other_settings()
    {
        var past = Enumerable.Range(0, 5).Select(tick => Decision(2, 2) with
        {
            At = _time.GetUtcNow().AddSeconds(2 * tick),
            LastAt = _time.GetUtcNow().AddSeconds(2 * tick),
            Ready = 2,
            StableAverage = 140,
            PanicAverage = 140,
        });

        var same = ScalingReplay.Run(past, AutoscalingSettings.Default, 0);
        Assert.All(same, decision => Assert.Equal(2, decision.Would));
        var denser = ScalingReplay.Run(past, AutoscalingSettings.Default with { Target = 50 }, 0);
        Assert.Equal((2, 4), (denser[^1].Was, denser[^1].Would));
    }

    private DecisionLog Log(DecisionLogSettings settings) => new(settings, _time, NullLoggerFactory.Instance);

    private static Task WriteAll(DecisionLog log) => log.RunAsync(new CancellationToken(canceled: true));

    private ScalingDecision Decision(int wanted, int before) => new()
    {
        Namespace = s_web.Namespace,
        Revision = s_web.Name,
        Class = "kpa",
        At = _time.GetUtcNow(),
        LastAt = _time.GetUtcNow(),
        Wanted = wanted,
        Before = before,
        Reachable = true,
        Explanation = $"{wanted} instances.",
    };
}
