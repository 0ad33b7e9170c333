using Slipway.Eventing.Events;
using Slipway.Eventing.Log;
using Slipway.Model.Failures;

namespace Slipway.Eventing.Tests.Hosting;

/// <summary>A log without a disk, for simulations; held to the same contract as the real one.</summary>
internal sealed class MemoryEventLog(TimeProvider time) : IEventLog
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Topic> _topics = [];
    private readonly Dictionary<(int, int), (List<LogRecord> Records, long Begin, LogTail Tail)> _partitions = [];
    private readonly Dictionary<(int, Guid), DateTimeOffset> _seen = [];
    private int _numbers;

    public Task<Outcome<Topic>> OpenAsync(TopicName name, int partitions, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!_topics.TryGetValue(name.Uid, out var topic))
            {
                _topics[name.Uid] = topic = new Topic(++_numbers, name, partitions);
                for (var partition = 0; partition < partitions; partition++)
                {
                    _partitions[(topic.Number, partition)] = ([], 0, new LogTail(int.MaxValue, long.MaxValue));
                }
            }

            return Task.FromResult<Outcome<Topic>>(topic);
        }
    }

    public Task<Outcome<IReadOnlyList<Appended>>> AppendAsync(Topic topic, IReadOnlyList<CloudEvent> events, CancellationToken cancellation)
    {
        var places = new List<Appended>();
        lock (_gate)
        {
            foreach (var row in events.Select(told => new AppendRow(topic, told)))
            {
                if (!_seen.TryAdd((topic.Number, row.Mark), time.GetUtcNow()))
                {
                    places.Add(new Appended(row.Partition, -1));
                    continue;
                }

                var (records, _, tail) = _partitions[(topic.Number, row.Partition)];
                var record = new LogRecord(row.Partition, tail.End, time.GetUtcNow(), row.Key, row.Event);
                records.Add(record);
                tail.Publish([record], row.Size);
                places.Add(new Appended(row.Partition, record.Place));
            }
        }

        return Task.FromResult<Outcome<IReadOnlyList<Appended>>>(places);
    }

    public ValueTask<IReadOnlyList<LogRecord>> ReadAsync(Topic topic, int partition, long from, int limit, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<LogRecord>>([.. _partitions[(topic.Number, partition)].Records.Where(record => record.Place >= from).Take(limit)]);
        }
    }

    public LogRange Range(Topic topic, int partition) => Tail(topic, partition).Range;

    public Task WaitAsync(Topic topic, int partition, long place, CancellationToken cancellation) => Tail(topic, partition).WaitAsync(place, cancellation);

    public Task<long> PlaceAtAsync(Topic topic, int partition, DateTimeOffset instant, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var (records, _, tail) = _partitions[(topic.Number, partition)];
            return Task.FromResult(records.Find(record => record.AppendedAt >= instant)?.Place ?? tail.End);
        }
    }

    public async Task TrimAsync(Topic topic, int partition, DateTimeOffset before, long bytesMax, long keepFrom, CancellationToken cancellation)
    {
        var old = await PlaceAtAsync(topic, partition, before, cancellation);
        lock (_gate)
        {
            var (records, begin, tail) = _partitions[(topic.Number, partition)];
            var target = Math.Min(keepFrom, old);
            var bytes = tail.Range.Bytes;
            foreach (var record in records.TakeWhile(record => record.Place < keepFrom && bytes > bytesMax))
            {
                bytes -= new AppendRow(topic, record.Event).Size;
                target = Math.Max(target, record.Place + 1);
            }

            if (target > begin)
            {
                records.RemoveAll(record => record.Place < target);
                _partitions[(topic.Number, partition)] = (records, target, tail);
                tail.Trimmed(target, tail.BytesEnd - records.Sum(record => (long)new AppendRow(topic, record.Event).Size));
            }
        }
    }

    public Task DropAsync(Topic topic, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _topics.Remove(topic.Name.Uid);
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Topic>> ListAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<Topic>>([.. _topics.Values]);
        }
    }

    private LogTail Tail(Topic topic, int partition)
    {
        lock (_gate)
        {
            return _partitions[(topic.Number, partition)].Tail;
        }
    }
}
