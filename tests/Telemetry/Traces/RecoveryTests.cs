using System.Text;
using Slipway.Telemetry.Traces.Searching;
using static Slipway.Telemetry.Tests.Traces.SpanMaker;

namespace Slipway.Telemetry.Tests.Traces;

public sealed class RecoveryTests
{
    [Fact]
    public async Task A_file_cut_at_any_byte_has_every_block_before_the_cut_and_can_be_written_to()
    {
        byte[] whole;
        var ends = new List<long>();
        await using (var before = await OpenStore.StartAsync())
        {
            for (var trace = 0; trace < 3; trace++)
            {
                before.Store.Append([Span(trace), Span(trace, 1, 0, "stock")]);
                before.Settle();
                ends.Add(new FileInfo(Live(before.Folder)).Length);
            }

            whole = await File.ReadAllBytesAsync(Live(before.Folder));
        }

        await using var open = await OpenStore.StartAsync();
        for (var cut = 0; cut <= whole.Length; cut += cut % 50 == 0 ? 1 : 7)
        {
            await open.Store.DisposeAsync();
            await File.WriteAllBytesAsync(Path.Combine(open.Folder, "000000000001.live"), whole[..cut]);
            await open.ReopenAsync();
            for (var trace = 0; trace < 3; trace++)
            {
                Assert.Equal(ends[trace] <= cut ? 2 : 0, open.Store.Find(TraceId(trace)).Spans.Count);
            }

            open.Store.Append([Span(7)]);
            open.Settle();
            Assert.Single(open.Store.Find(TraceId(7)).Spans);
        }
    }

    [Fact]
    public async Task A_changed_byte_costs_a_block_and_never_a_wrong_answer()
    {
        await using var open = await OpenStore.StartAsync();
        for (var trace = 0; trace < 2; trace++)
        {
            open.Store.Append([Span(trace)]);
            open.Settle();
        }

        await open.Store.DisposeAsync();
        var path = Live(open.Folder);
        var whole = await File.ReadAllBytesAsync(path);
        for (var place = 0; place < whole.Length; place += 11)
        {
            var changed = whole.ToArray();
            changed[place] ^= 0x10;
            await File.WriteAllBytesAsync(path, changed);
            await open.ReopenAsync();
            foreach (var trace in new[] { 0, 1 })
            {
                Assert.All(open.Store.Find(TraceId(trace)).Spans, span => Assert.Equal(Span(trace).Start, span.Start));
            }

            await open.Store.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_was_left_of_packing_is_cleared_away()
    {
        await using var open = await OpenStore.StartAsync();
        open.Store.Append([Span(1)]);
        open.Settle();
        await open.Store.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(open.Folder, "000000000001.traces.pending"), "half of it", Encoding.ASCII);
        await open.ReopenAsync();
        Assert.Single(Directory.GetFiles(open.Folder));
        Assert.Single(open.Store.Find(TraceId(1)).Spans);
    }

    [Fact]
    public async Task What_a_killed_process_was_gathering_is_gathered_on_and_nothing_is_kept_twice()
    {
        await using var open = await OpenStore.StartAsync();
        open.Store.Append([Span(1)]);
        open.Settle();
        open.Store.Append([Span(1, 1, 0), Span(2)]);
        open.Store.Step();

        // The store is not disposed of: its process was killed.
        await open.ReopenAsync();
        Assert.Equal(TraceState.Unfinished, open.Store.Find(TraceId(2)).State);
        open.Store.Append([Span(2, 1, 0)]);
        open.Settle();
        Assert.Equal(2, open.Store.Find(TraceId(1)).Spans.Count);
        Assert.Equal(2, open.Store.Find(TraceId(2)).Spans.Count);
        Assert.Equal(3, open.Store.Counters.KeptSpans);
    }

    [Fact]
    public async Task A_journal_cut_at_any_byte_gives_back_what_was_whole_and_does_not_outlive_a_good_end()
    {
        byte[] whole;
        long first;
        await using (var before = await OpenStore.StartAsync())
        {
            before.Store.Append([Span(1)]);
            before.Store.Step();
            first = new FileInfo(Journal(before.Folder)).Length;
            before.Store.Append([Span(2)]);
            before.Store.Step();
            whole = await File.ReadAllBytesAsync(Journal(before.Folder));
        }

        for (var cut = 0; cut <= whole.Length; cut += 5)
        {
            await using var open = await OpenStore.StartAsync();
            await open.Store.DisposeAsync();
            await File.WriteAllBytesAsync(Path.Combine(open.Folder, "pending", "000000000001.spans"), whole[..cut]);
            await open.ReopenAsync();
            Assert.Equal(cut >= first ? 1 : 0, open.Store.Find(TraceId(1)).Spans.Count);
            Assert.Equal(cut == whole.Length ? 1 : 0, open.Store.Find(TraceId(2)).Spans.Count);
            await open.Store.DisposeAsync();
            Assert.Empty(Directory.GetFiles(Path.Combine(open.Folder, "pending")));
        }
    }

    [Fact]
    public async Task The_journal_keeps_no_more_than_a_minute()
    {
        await using var open = await OpenStore.StartAsync();
        for (var second = 0; second < 100; second++)
        {
            open.Store.Append([Span(second)]);
            open.Time.Advance(TimeSpan.FromSeconds(1));
            open.Store.Step();
            Assert.InRange(Directory.GetFiles(Path.Combine(open.Folder, "pending")).Length, 1, 5);
        }
    }

    private static string Journal(string folder) => Directory.GetFiles(Path.Combine(folder, "pending")).Single();

    private static string Live(string folder) => Directory.GetFiles(folder, "*.live").Single();
}
