using Slipway.Eventing.Events;
using Slipway.Model.Failures;

namespace Slipway.Eventing.Log;

/// <summary>
/// Topics as append-only logs in partitions. What was appended is durable, has a place that never changes, and is read in
/// the order of places; places of a partition are 0, 1, 2, … without gaps. One process owns a log at a time.
/// </summary>
internal interface IEventLog
{
    /// <summary>Makes the topic when it is new. The number of partitions of an old one stays what it was.</summary>
    Task<Outcome<Topic>> OpenAsync(TopicName name, int partitions, CancellationToken cancellation);

    /// <summary>
    /// All events or none, in the order given. Returns after they are durable and visible to readers. An event that the
    /// topic has seen within a day (same source, same id) is not appended again. Failure codes: <c>log-busy</c> (too much
    /// waits already), <c>log-unavailable</c> (whether it was appended is not known; sending it again is safe).
    /// </summary>
    Task<Outcome<IReadOnlyList<Appended>>> AppendAsync(Topic topic, IReadOnlyList<CloudEvent> events, CancellationToken cancellation);

    /// <summary>At most <paramref name="limit"/> records from a place on, fewer when they are large; empty at the end.</summary>
    ValueTask<IReadOnlyList<LogRecord>> ReadAsync(Topic topic, int partition, long from, int limit, CancellationToken cancellation);

    /// <summary>What the partition holds now.</summary>
    LogRange Range(Topic topic, int partition);

    /// <summary>Until the partition has something at this place.</summary>
    Task WaitAsync(Topic topic, int partition, long place, CancellationToken cancellation);

    /// <summary>The first place whose record was appended at that time or later; the end when there is none.</summary>
    Task<long> PlaceAtAsync(Topic topic, int partition, DateTimeOffset time, CancellationToken cancellation);

    /// <summary>
    /// Removes from the front what is older than <paramref name="before"/>, and what is needed to keep at most
    /// <paramref name="bytesMax"/>, but never what stands at <paramref name="keepFrom"/> or behind it.
    /// </summary>
    Task TrimAsync(Topic topic, int partition, DateTimeOffset before, long bytesMax, long keepFrom, CancellationToken cancellation);

    /// <summary>Removes the topic with all it holds.</summary>
    Task DropAsync(Topic topic, CancellationToken cancellation);

    /// <summary>Every topic there is, also those whose Broker is gone.</summary>
    Task<IReadOnlyList<Topic>> ListAsync(CancellationToken cancellation);
}

/// <param name="Uid">Two Brokers of the same name, one after the other, are two topics.</param>
internal sealed record TopicName(string Uid, string Namespace, string Name);

internal sealed record Topic(int Number, TopicName Name, int Partitions);

/// <param name="End">One more than the last place.</param>
internal readonly record struct LogRange(long Begin, long End, long Bytes);

/// <param name="Place">-1 when the event was there before.</param>
internal readonly record struct Appended(int Partition, long Place)
{
    public bool IsDuplicate => Place < 0;
}

internal sealed record LogRecord(int Partition, long Place, DateTimeOffset AppendedAt, string Key, CloudEvent Event);
