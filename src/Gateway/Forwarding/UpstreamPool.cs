namespace Slipway.Gateway.Forwarding;

/// <summary>Idle connections to one instance, last used first so that the surplus grows old and is closed.</summary>
internal sealed class UpstreamPool(int idleMax)
{
    private readonly Lock _lock = new();
    private readonly List<UpstreamConnection> _idle = [];
    private int _generation;

    /// <summary>Connections opened before the last <see cref="Clear"/> are not taken back.</summary>
    public int Generation => Volatile.Read(ref _generation);

    public UpstreamConnection? Take()
    {
        while (true)
        {
            UpstreamConnection connection;
            lock (_lock)
            {
                if (_idle.Count == 0)
                {
                    return null;
                }

                connection = _idle[^1];
                _idle.RemoveAt(_idle.Count - 1);
            }

            if (!connection.Wire.HasNews)
            {
                return connection;
            }

            connection.Close();
        }
    }

    /// <summary>Keeps a connection for the next request, or closes it when there are enough.</summary>
    public void Return(UpstreamConnection connection, long now)
    {
        connection.IdleSince = now;
        connection.Wire.ReadAhead();
        if (!connection.Wire.HasNews)
        {
            lock (_lock)
            {
                if (_idle.Count < idleMax && connection.Generation == _generation)
                {
                    _idle.Add(connection);
                    return;
                }
            }
        }

        connection.Close();
    }

    public void CloseIdleSince(long oldest)
    {
        List<UpstreamConnection>? stale = null;
        lock (_lock)
        {
            var count = 0;
            while (count < _idle.Count && (_idle[count].IdleSince < oldest || _idle[count].Wire.HasNews))
            {
                count++;
            }

            if (count > 0)
            {
                stale = _idle.GetRange(0, count);
                _idle.RemoveRange(0, count);
            }
        }

        stale?.ForEach(static connection => connection.Close());
    }

    public void Clear()
    {
        List<UpstreamConnection> all;
        lock (_lock)
        {
            _generation++;
            all = [.. _idle];
            _idle.Clear();
        }

        all.ForEach(static connection => connection.Close());
    }
}
