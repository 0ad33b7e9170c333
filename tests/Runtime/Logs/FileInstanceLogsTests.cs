using System.Text;
using Slipway.Runtime.Logs;
using Slipway.Runtime.Tests.Process;

namespace Slipway.Runtime.Tests.Logs;

public sealed class FileInstanceLogsTests : IAsyncDisposable
{
    private static readonly LogLimits s_limits = new() { Interval = TimeSpan.FromMilliseconds(10) };
    private readonly string _state = Directory.CreateTempSubdirectory("slipway-logs-").FullName;
    private FileInstanceLogs _logs;

    public FileInstanceLogsTests()
    {
        Directory.CreateDirectory(Folder);
        _logs = new FileInstanceLogs(_state, TimeProvider.System, s_limits);
    }

    private string Folder => Path.Combine(_state, "instances", "a", "logs");

    [Fact]
    public async Task Both_streams_are_kept_with_their_name_and_time()
    {
        _logs.Attach("a");
        Write("stdout", "out 1\nout 2\r\n");
        Write("stderr", "oops\n");

        await CountAsync(3);

        var lines = await ReadAsync();
        Assert.Equal(["out 1", "out 2"], lines.Where(line => line.Stream == LogStream.Output).Select(line => line.Text));
        Assert.Equal(["oops"], lines.Where(line => line.Stream == LogStream.Error).Select(line => line.Text));
        Assert.All(lines, line => Assert.InRange(line.At, TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow()));
        Assert.True(_logs.Exists("a"));
        Assert.False(_logs.Exists("b"));
        Assert.False(_logs.Exists("../a"));
    }

    [Fact]
    public async Task A_restart_neither_loses_nor_repeats_a_line()
    {
        _logs.Attach("a");
        Write("stdout", "1\n2\nhalf");
        await CountAsync(2);

        await RestartAsync();
        Write("stdout", " 3\n");
        Write("stderr", "4\n");
        await RestartAsync();
        Write("stdout", "5\n");

        await CountAsync(5);
        Assert.Equal(["1", "2", "4", "5", "half 3"], (await ReadAsync()).Select(line => line.Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_line_torn_by_a_crash_is_written_again()
    {
        _logs.Attach("a");
        Write("stdout", "1\n2\n");
        await CountAsync(2);
        await _logs.DisposeAsync();
        var segment = Directory.GetFiles(Folder, "*.log").Single();
        File.WriteAllBytes(segment, File.ReadAllBytes(segment)[..^3]);

        _logs = new FileInstanceLogs(_state, TimeProvider.System, s_limits);
        _logs.Attach("a");

        await CountAsync(2);
        Assert.Equal(["1", "2"], (await ReadAsync()).Select(line => line.Text));
    }

    [Fact]
    public async Task Rotation_keeps_the_newest_files_only()
    {
        await _logs.DisposeAsync();
        _logs = new FileInstanceLogs(_state, TimeProvider.System, s_limits with { SegmentBytes = 2_000, SegmentsMax = 3 });
        _logs.Attach("a");

        for (var i = 0; i < 40; i++)
        {
            Write("stdout", string.Concat(Enumerable.Range(0, 10).Select(j => $"line {i}.{j} {new string('x', 40)}\n")));
            await Eventually.True(async () => (await ReadAsync(new LogQuery(Tail: 1))) is [var last] && last.Text.StartsWith($"line {i}.9 ", StringComparison.Ordinal), "it is stored");
        }

        Assert.Equal(3, Directory.GetFiles(Folder, "*.log").Length);
        var lines = await ReadAsync();
        Assert.InRange(lines.Count, 20, 150);
        Assert.StartsWith("line 39.9 ", lines[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tail_and_since_choose_what_is_read()
    {
        _logs.Attach("a");
        Write("stdout", string.Concat(Enumerable.Range(1, 100).Select(i => $"{i}\n")));
        await CountAsync(100);

        Assert.Equal(["98", "99", "100"], (await ReadAsync(new LogQuery(Tail: 3))).Select(line => line.Text));
        Assert.Empty(await ReadAsync(new LogQuery(Tail: 0)));
        Assert.Equal(100, (await ReadAsync(new LogQuery(Tail: 5_000))).Count);
        Assert.Empty(await ReadAsync(new LogQuery(Since: TimeProvider.System.GetUtcNow().AddHours(1))));
        Assert.Equal(100, (await ReadAsync(new LogQuery(Since: TimeProvider.System.GetUtcNow().AddHours(-1)))).Count);
    }

    [Fact]
    public async Task Following_goes_on_until_the_instance_ends()
    {
        _logs.Attach("a");
        Write("stdout", "before\n");
        await CountAsync(1);
        var seen = new List<string>();
        var following = Task.Run(async () =>
        {
            await foreach (var line in _logs.ReadAsync("a", new LogQuery(Follow: true, Tail: 10), default))
            {
                lock (seen)
                {
                    seen.Add(line.Text);
                }
            }
        });

        Write("stdout", "during\n");
        await Eventually.True(() => Seen() == 2, "the new line is followed");
        Write("stderr", "without an end");
        _logs.Seal("a", 10);
        await Eventually.Done(following);

        Assert.Equal(["before", "during", "without an end"], seen);

        int Seen()
        {
            lock (seen)
            {
                return seen.Count;
            }
        }
    }

    [Fact]
    public async Task A_follower_may_leave()
    {
        _logs.Attach("a");
        using var leaving = new CancellationTokenSource();
        var following = Task.Run(async () =>
        {
            await foreach (var _ in _logs.ReadAsync("a", new LogQuery(Follow: true), leaving.Token))
            {
            }
        });

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Eventually.Done(following));
    }

    [Fact]
    public async Task Long_lines_are_kept_in_pieces_and_odd_bytes_do_no_harm()
    {
        _logs.Attach("a");
        Write("stdout", new string('x', (2 * s_limits.LineBytesMax) + 10) + "\n");
        await File.AppendAllBytesAsync(Path.Combine(Folder, "stderr"), [0xff, 0xfe, 0, (byte)'!', (byte)'\n', (byte)'\n']);

        await CountAsync(5);

        var lines = await ReadAsync();
        Assert.Equal([s_limits.LineBytesMax, s_limits.LineBytesMax, 10], lines.Where(line => line.Stream == LogStream.Output).Select(line => line.Text.Length));
        Assert.Equal(["\ufffd\ufffd\0!", ""], lines.Where(line => line.Stream == LogStream.Error).Select(line => line.Text));
    }

    [Fact]
    public async Task A_backlog_beyond_the_bound_is_dropped_and_said_so()
    {
        await _logs.DisposeAsync();
        var line = new string('x', 99) + "\n";
        Write("stdout", string.Concat(Enumerable.Repeat(line, 50_000)) + "the end\n");

        _logs = new FileInstanceLogs(_state, TimeProvider.System, s_limits with { BacklogBytesMax = 1 << 20 });
        _logs.Attach("a");
        await Eventually.True(async () => (await ReadAsync()).Any(one => one.Text == "the end"), "the newest is kept");

        await Eventually.True(async () => (await ReadAsync()).Count(one => one.Text.Contains("were dropped")) == 1, "one line says what is lost");
        Assert.InRange((await ReadAsync()).Count, 100, 1_000);
    }

    [Fact]
    public async Task A_flood_costs_bounded_space()
    {
        await using var world = new ProcessWorld();
        await world.StartAsync(world.Misbehaving("a", "flood") with { CpuLimit = 0.5 });
        var raw = Path.Combine(world.Folder, "instances", "a", "logs", "stdout");
        await Eventually.True(() => File.Exists(raw) && new FileInfo(raw).Length > 64 << 20, "it floods");

        await Eventually.Done(world.Driver.StopAsync("a", TimeSpan.Zero, default));

        var kept = Directory.GetFiles(Path.GetDirectoryName(raw)!, "*.log").Sum(file => new FileInfo(file).Length);
        Assert.InRange(kept, 1, 4 * (9 << 20));
        Assert.Contains(await world.TextAsync("a", new LogQuery()), line => line.Contains("bytes of stdout were dropped", StringComparison.Ordinal));
        Assert.True(AllocatedBytes(raw) < new FileInfo(raw).Length, "what was read is given back");
    }

    public async ValueTask DisposeAsync()
    {
        await _logs.DisposeAsync();
        Directory.Delete(_state, recursive: true);
    }

    private static long AllocatedBytes(string path)
    {
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("/usr/bin/stat", ["-c", "%b", path]) { RedirectStandardOutput = true })!;
        var blocks = long.Parse(stat.StandardOutput.ReadToEnd());
        stat.WaitForExit();
        return blocks * 512;
    }

    private void Write(string file, string text) => File.AppendAllText(Path.Combine(Folder, file), text, new UTF8Encoding(false));

    private async Task RestartAsync()
    {
        await _logs.DisposeAsync();
        _logs = new FileInstanceLogs(_state, TimeProvider.System, s_limits);
        _logs.Attach("a");
    }

    private Task CountAsync(int count) => Eventually.True(async () => (await ReadAsync()).Count >= count, $"{count} lines are stored");

    private async Task<List<LogLine>> ReadAsync(LogQuery? query = null)
    {
        var lines = new List<LogLine>();
        await foreach (var line in _logs.ReadAsync("a", query ?? new LogQuery(), default))
        {
            lines.Add(line);
        }

        return lines;
    }
}
