using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store.Journal;
using Slipway.Store.Pictures;

namespace Slipway.Store.Writes;

/// <summary>
/// A group of writes decided one after the other, each on top of those before it. Nothing of it is visible, and nobody
/// is answered, until the journal has kept it: even a refusal may rest on an earlier write of the same group.
/// </summary>
internal sealed class WriteBatch(Picture before, DateTimeOffset now, Func<Guid> newUid)
{
    private readonly List<(PendingWrite Write, Outcome<Resource> Answer)> _answers = [];
    private readonly Dictionary<ResourceKey, Resource?> _touched = [];
    private readonly Dictionary<ResourceKey, Resource> _removed = [];
    private int _added;

    public List<Change> Changes { get; } = [];

    public long Version { get; private set; } = before.Version;

    public IEnumerable<PendingWrite> Writes => _answers.Select(answer => answer.Write);

    public int WriteCount => _answers.Count;

    public void Add(PendingWrite write)
    {
        Decision decision;
        try
        {
            decision = write.Decide(Find, new DecisionContext(Version + 1, now, newUid));
        }
        catch (Exception bug)
        {
            write.FailWith(bug);
            return;
        }

        switch (decision)
        {
            case Decision.Refuse refusal:
                _answers.Add((write, refusal.Failure));
                break;
            case Decision.Keep same:
                _answers.Add((write, same.Current));
                break;
            case Decision.Make { Change.Type: ChangeType.Added } when before.Count + _added >= StoreBounds.Objects:
                _answers.Add((write, StoreFailures.Full));
                break;
            case Decision.Make { Change: var change }:
                Version++;
                _added += change.Type switch { ChangeType.Added => 1, ChangeType.Deleted => -1, _ => 0 };
                _touched[write.Key] = change.Type == ChangeType.Deleted ? null : change.Resource;
                if (change.Type == ChangeType.Deleted)
                {
                    _removed[write.Key] = change.Resource;
                }

                Changes.Add(change);
                _answers.Add((write, change.Resource));
                break;
        }
    }

    public JournalBatch ForJournal(Guid id) => new(
        id,
        before.Version,
        Version,
        [.. _touched.Select(touched => new JournalEntry(touched.Value ?? _removed[touched.Key], touched.Value is null))]);

    public Picture After() => before.With(Version, _touched);

    public void AnswerAll()
    {
        foreach (var (write, answer) in _answers)
        {
            write.AnswerWith(answer);
        }
    }

    private Resource? Find(ResourceKey key) => _touched.TryGetValue(key, out var touched) ? touched : before.Find(key);
}
