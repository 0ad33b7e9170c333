namespace Slipway.Runtime.Instances;

/// <summary>
/// Delivers news to subscribers in the order in which it was posted, outside every lock of the poster. Whoever posts
/// first delivers for all; with one thread the delivery is over when <see cref="Deliver"/> returns.
/// </summary>
internal sealed class Announcer<T>
{
    private readonly Lock _gate = new();
    private readonly Queue<T> _news = new();
    private bool _delivering;

    public event Action<T>? Changed;

    /// <summary>Call while holding the lock that orders the changes; nobody is called back.</summary>
    public void Post(T news)
    {
        lock (_gate)
        {
            _news.Enqueue(news);
        }
    }

    /// <summary>Call after leaving that lock.</summary>
    public void Deliver()
    {
        lock (_gate)
        {
            if (_delivering)
            {
                return;
            }

            _delivering = true;
        }

        while (true)
        {
            T next;
            lock (_gate)
            {
                if (!_news.TryDequeue(out next!))
                {
                    _delivering = false;
                    return;
                }
            }

            try
            {
                Changed?.Invoke(next);
            }
            catch
            {
                lock (_gate)
                {
                    // The next poster goes on delivering; the faulty handler's exception belongs to this one.
                    _delivering = false;
                }

                throw;
            }
        }
    }

    public void Announce(T news)
    {
        Post(news);
        Deliver();
    }
}
