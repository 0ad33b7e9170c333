using Slipway.Eventing.Events;
using Slipway.Model.Failures;

namespace Slipway.Eventing.Log;

/// <summary>Somebody who waits for events to become durable.</summary>
internal sealed class AppendRequest
{
    private readonly TaskCompletionSource<Outcome<IReadOnlyList<Appended>>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AppendRequest(Topic topic, IReadOnlyList<CloudEvent> events)
    {
        Topic = topic;
        Rows = [.. events.Select(told => new AppendRow(topic, told))];
        Bytes = Rows.Sum(row => (long)row.Size);
    }

    public Topic Topic { get; }

    public AppendRow[] Rows { get; }

    public long Bytes { get; }

    public Task<Outcome<IReadOnlyList<Appended>>> Done => _done.Task;

    public void Succeed() => _done.TrySetResult(Rows.Select(row => new Appended(row.Partition, row.IsDuplicate ? -1 : row.Place)).ToArray());

    public void Fail(Failure failure) => _done.TrySetResult(failure);
}

internal sealed class AppendRow
{
    public AppendRow(Topic topic, CloudEvent told)
    {
        Topic = topic;
        Event = told;
        Key = told.Key;
        Partition = Places.Partition(Key, topic.Partitions);
        Mark = Places.Mark(told);
        Attributes = StoredAttributes.Write(told);
        Size = Attributes.Length + (told.Data?.Length ?? 0) + Overhead;
    }

    /// <summary>What PostgreSQL adds to a row and its index entries, about.</summary>
    public const int Overhead = 120;

    public Topic Topic { get; }

    public CloudEvent Event { get; }

    public string Key { get; }

    public int Partition { get; }

    public Guid Mark { get; }

    public byte[] Attributes { get; }

    public int Size { get; }

    public bool IsDuplicate { get; set; }

    public long Place { get; set; }

    public long BytesBefore { get; set; }
}
