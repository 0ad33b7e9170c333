using Slipway.Eventing.Events;
using Slipway.Eventing.Log;
using Slipway.Eventing.Tests.Hosting;

namespace Slipway.Eventing.Tests.Log;

/// <summary>What every event log must do, whatever it is made of.</summary>
public abstract class EventLogContract
{
    private static readonly TopicName s_name = new("uid-1", "default", "things");

    private protected abstract IEventLog Log { get; }

    private protected ManualTime Time { get; } = new();

    /// <summary>The same log after its process has ended and started again.</summary>
    private protected abstract Task<IEventLog> ReopenAsync();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_appended_is_read_back_as_it_was()
    {
        var topic = await OpenAsync(1);
        var told = Tell.Event("1", "köln/☂", data: "{\"n\":1}", more: [("traceparent", "00-1"), ("sequence", "0000000001")]);
        var bare = Tell.Event("2", data: null);

        var places = (await Log.AppendAsync(topic, [told, bare], Cancellation)).Value;
        var log = await ReopenAsync();
        var records = await log.ReadAsync((await log.OpenAsync(s_name, 1, Cancellation)).Value, 0, 0, 10, Cancellation);

        Assert.Equal([new Appended(0, 0), new Appended(0, 1)], places);
        Assert.Equal(told.Attributes, records[0].Event.Attributes);
        Assert.Equal("{\"n\":1}", records[0].Event.Text());
        Assert.Equal("köln/☂", records[0].Key);
        Assert.Equal(Time.GetUtcNow(), records[0].AppendedAt);
        Assert.Null(records[1].Event.Data);
        Assert.Equal("2", records[1].Key);
    }

    [Fact]
    public async Task Places_grow_without_gaps_and_go_on_after_a_restart()
    {
        var topic = await OpenAsync(3);
        await Log.AppendAsync(topic, Events(0, 50), Cancellation);
        var log = await ReopenAsync();
        topic = (await log.OpenAsync(s_name, 3, Cancellation)).Value;
        await log.AppendAsync(topic, Events(50, 100), Cancellation);

        var all = await AllAsync(log, topic);

        Assert.Equal(100, all.Count);
        foreach (var partition in all.GroupBy(record => record.Partition))
        {
            Assert.Equal(Enumerable.Range(0, partition.Count()).Select(place => (long)place), partition.Select(record => record.Place));
        }
    }

    [Fact]
    public async Task Events_of_one_key_share_a_partition_and_keep_their_order()
    {
        var topic = await OpenAsync(5);
        for (var round = 0; round < 20; round++)
        {
            await Log.AppendAsync(topic, [.. Enumerable.Range(0, 7).Select(key => Tell.Event($"{key}-{round}", $"key-{key}"))], Cancellation);
        }

        var all = await AllAsync(Log, topic);

        foreach (var key in all.GroupBy(record => record.Key))
        {
            Assert.Single(key.Select(record => record.Partition).Distinct());
            Assert.Equal(Enumerable.Range(0, 20).Select(round => $"{key.Key["key-".Length..]}-{round}"), key.Select(record => record.Event.Id));
        }
    }

    [Fact]
    public async Task An_event_that_is_sent_again_is_appended_once()
    {
        var topic = await OpenAsync(1);
        var first = (await Log.AppendAsync(topic, [Tell.Event("a"), Tell.Event("a"), Tell.Event("b")], Cancellation)).Value;
        var log = await ReopenAsync();
        topic = (await log.OpenAsync(s_name, 1, Cancellation)).Value;
        var again = (await log.AppendAsync(topic, [Tell.Event("b"), Tell.Event("c"), Tell.Event("a")], Cancellation)).Value;

        Assert.Equal([false, true, false], first.Select(place => place.IsDuplicate));
        Assert.Equal([true, false, true], again.Select(place => place.IsDuplicate));
        Assert.Equal(["a", "b", "c"], (await AllAsync(log, topic)).Select(record => record.Event.Id));
    }

    [Fact]
    public async Task Publishers_at_the_same_time_lose_nothing_and_keep_their_own_order()
    {
        var topic = await OpenAsync(3);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async publisher =>
        {
            for (var number = 0; number < 25; number++)
            {
                // Each sends every event twice, as one does that did not get the answer.
                var told = Tell.Event($"{publisher}-{number:D3}", $"publisher-{publisher}");
                var sent = await Task.WhenAll(Log.AppendAsync(topic, [told], Cancellation), Log.AppendAsync(topic, [told], Cancellation));
                Assert.Single(sent, answer => answer.Value[0].IsDuplicate);
            }
        }));

        var all = await AllAsync(Log, topic);

        Assert.Equal(400, all.Count);
        foreach (var publisher in all.GroupBy(record => record.Key))
        {
            Assert.Equal(publisher.Select(record => record.Event.Id).Order(StringComparer.Ordinal), publisher.Select(record => record.Event.Id));
        }
    }

    [Fact]
    public async Task A_reader_at_the_end_is_woken_by_the_next_event()
    {
        var topic = await OpenAsync(1);
        var waiting = Log.WaitAsync(topic, 0, 0, Cancellation);
        Assert.False(waiting.IsCompleted);

        await Log.AppendAsync(topic, [Tell.Event("a")], Cancellation);

        await waiting.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation);
        Assert.True(Log.WaitAsync(topic, 0, 0, Cancellation).IsCompleted);
        Assert.Single(await Log.ReadAsync(topic, 0, 0, 10, Cancellation));
        Assert.Empty(await Log.ReadAsync(topic, 0, 1, 10, Cancellation));
    }

    [Fact]
    public async Task Old_events_go_but_never_those_that_somebody_still_needs()
    {
        var topic = await OpenAsync(1);
        await Log.AppendAsync(topic, Events(0, 10), Cancellation);
        Time.Advance(TimeSpan.FromHours(1));
        var border = Time.GetUtcNow();
        await Log.AppendAsync(topic, Events(10, 20), Cancellation);

        Assert.Equal(10, await Log.PlaceAtAsync(topic, 0, border, Cancellation));
        await Log.TrimAsync(topic, 0, border, long.MaxValue, 4, Cancellation);
        Assert.Equal(4, Log.Range(topic, 0).Begin);
        await Log.TrimAsync(topic, 0, border, long.MaxValue, 20, Cancellation);

        Assert.Equal(10, Log.Range(topic, 0).Begin);
        Assert.Equal(Enumerable.Range(10, 10).Select(number => $"{number}"), (await Log.ReadAsync(topic, 0, 0, 100, Cancellation)).Select(record => record.Event.Id));
    }

    [Fact]
    public async Task Too_many_bytes_go_from_the_front()
    {
        var topic = await OpenAsync(1);
        await Log.AppendAsync(topic, Events(0, 100), Cancellation);
        var whole = Log.Range(topic, 0).Bytes;

        await Log.TrimAsync(topic, 0, DateTimeOffset.MinValue, whole / 2, 100, Cancellation);

        var range = Log.Range(topic, 0);
        Assert.InRange(range.Bytes, whole / 3, whole / 2);
        Assert.InRange(range.Begin, 45, 60);
    }

    [Fact]
    public async Task Places_go_on_after_everything_was_removed_and_the_process_ended()
    {
        var topic = await OpenAsync(1);
        await Log.AppendAsync(topic, Events(0, 10), Cancellation);
        Time.Advance(TimeSpan.FromHours(1));
        await Log.TrimAsync(topic, 0, Time.GetUtcNow(), long.MaxValue, 10, Cancellation);

        var log = await ReopenAsync();
        topic = (await log.OpenAsync(s_name, 1, Cancellation)).Value;
        var range = log.Range(topic, 0);
        var next = (await log.AppendAsync(topic, [Tell.Event("next")], Cancellation)).Value;

        Assert.Equal((10, 10, 0), (range.Begin, range.End, range.Bytes));
        Assert.Equal(10, next[0].Place);
    }

    [Fact]
    public async Task A_Broker_made_again_begins_empty_and_a_removed_one_is_gone()
    {
        var old = await OpenAsync(1);
        await Log.AppendAsync(old, Events(0, 3), Cancellation);
        var young = (await Log.OpenAsync(s_name with { Uid = "uid-2" }, 2, Cancellation)).Value;

        Assert.Equal(0, Log.Range(young, 0).End);
        Assert.Equal(2, (await Log.ListAsync(Cancellation)).Count);
        await Log.DropAsync(old, Cancellation);
        Assert.Equal("uid-2", Assert.Single(await Log.ListAsync(Cancellation)).Name.Uid);
    }

    [Fact]
    public async Task The_number_of_partitions_stays_what_it_was()
    {
        await OpenAsync(3);

        Assert.Equal(3, (await Log.OpenAsync(s_name, 8, Cancellation)).Value.Partitions);
    }

    private protected async Task<Topic> OpenAsync(int partitions) => (await Log.OpenAsync(s_name, partitions, Cancellation)).Value;

    private protected static CloudEvent[] Events(int from, int to) => [.. Enumerable.Range(from, to - from).Select(number => Tell.Event($"{number}", data: "{\"some\":\"data\"}"))];

    private static async Task<List<LogRecord>> AllAsync(IEventLog log, Topic topic)
    {
        var all = new List<LogRecord>();
        for (var partition = 0; partition < topic.Partitions; partition++)
        {
            all.AddRange(await log.ReadAsync(topic, partition, 0, 10_000, Cancellation));
        }

        return all;
    }
}
