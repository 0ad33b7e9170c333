using System.Diagnostics.CodeAnalysis;

namespace Slipway.Store.Garbage;

/// <summary>A queue in which everything waits once.</summary>
internal sealed class WorkQueue<T>
    where T : notnull
{
    private readonly Queue<T> _order = new();
    private readonly HashSet<T> _members = [];

    public int Count => _members.Count;

    public void Add(T item)
    {
        if (_members.Add(item))
        {
            _order.Enqueue(item);
        }
    }

    public bool TryTake([MaybeNullWhen(false)] out T item) => _order.TryDequeue(out item) && _members.Remove(item);
}
