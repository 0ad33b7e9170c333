using Slipway.Eventing.Subscriptions;

namespace Slipway.Eventing.Tests.Hosting;

/// <summary>Positions and held events without a disk, for simulations; held to the same contract as the real ones.</summary>
internal sealed class MemorySubscriptions(TimeProvider time) : ISubscriptionStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string, int), Progress> _progress = [];
    private readonly SortedDictionary<long, HeldEvent> _held = [];
    private long _ids;

    public Task<IReadOnlyList<Progress>> OpenAsync(string subscription, IReadOnlyList<Progress> starts, CancellationToken cancellation)
    {
        lock (_gate)
        {
            foreach (var start in starts)
            {
                _progress.TryAdd((subscription, start.Partition), start with { Subscription = subscription });
            }

            return Task.FromResult<IReadOnlyList<Progress>>([.. _progress.Values.Where(position => position.Subscription == subscription).OrderBy(position => position.Partition)]);
        }
    }

    public Task StoreAsync(IReadOnlyList<Progress> positions, CancellationToken cancellation)
    {
        lock (_gate)
        {
            foreach (var position in positions)
            {
                if (_progress.TryGetValue((position.Subscription, position.Partition), out var known))
                {
                    _progress[(position.Subscription, position.Partition)] = known with { Place = position.Place };
                }
            }
        }

        return Task.CompletedTask;
    }

    public Task MoveAsync(Progress position, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _progress[(position.Subscription, position.Partition)] = position;
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<HeldKey>> HeldKeysAsync(string subscription, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<HeldKey>>(
            [
                .. Open().Where(held => held.Subscription == subscription).GroupBy(held => (held.Partition, held.Key))
                    .Select(key => new HeldKey(subscription, key.Key.Partition, key.Key.Key, key.MinBy(held => held.Place)!.State == HeldState.Waiting)),
            ]);
        }
    }

    public Task HoldAsync(IReadOnlyList<HeldEvent> events, CancellationToken cancellation)
    {
        lock (_gate)
        {
            foreach (var held in events)
            {
                var known = _held.Values.FirstOrDefault(other => (other.Subscription, other.Partition, other.Place) == (held.Subscription, held.Partition, held.Place));
                if (known is null)
                {
                    _held[++_ids] = held with { Id = _ids, At = time.GetUtcNow() };
                }
                else if (known.State == HeldState.Skipped)
                {
                    _held[known.Id] = held with { Id = known.Id, At = time.GetUtcNow() };
                }
            }
        }

        return Task.CompletedTask;
    }

    public Task<HeldEvent?> FirstHeldAsync(string subscription, int partition, string key, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return Task.FromResult(Open().Where(held => (held.Subscription, held.Partition, held.Key) == (subscription, partition, key)).MinBy(held => held.Place));
        }
    }

    public Task ReleaseAsync(long id, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _held.Remove(id);
        }

        return Task.CompletedTask;
    }

    public Task DieAsync(HeldEvent dead, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _held[dead.Id] = dead with { State = HeldState.Dead, At = time.GetUtcNow() };
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<HeldEvent>> ListAsync(HeldQuery query, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<HeldEvent>>([.. Matching(query).Where(held => held.Id > query.After).Take(query.Limit)]);
        }
    }

    public Task<IReadOnlyList<HeldKey>> RetryAsync(HeldQuery query, CancellationToken cancellation) => ChangeAsync(query, held => held with { State = HeldState.Waiting });

    public Task<IReadOnlyList<HeldKey>> SkipAsync(HeldQuery query, string reason, CancellationToken cancellation) =>
        ChangeAsync(query, held => held with { State = HeldState.Skipped, Reason = reason });

    public Task CleanAsync(IReadOnlyCollection<string> living, DateTimeOffset skippedBefore, CancellationToken cancellation)
    {
        lock (_gate)
        {
            foreach (var gone in _held.Values.Where(held => !living.Contains(held.Subscription) || (held.State == HeldState.Skipped && held.At < skippedBefore)).ToList())
            {
                _held.Remove(gone.Id);
            }

            foreach (var gone in _progress.Keys.Where(key => !living.Contains(key.Item1)).ToList())
            {
                _progress.Remove(gone);
            }
        }

        return Task.CompletedTask;
    }

    public Task<HeldCount> CountAsync(string subscription, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var held = Open().Where(held => held.Subscription == subscription).ToList();
            return Task.FromResult(new HeldCount(held.Count(one => one.State == HeldState.Dead), held.Count(one => one.State == HeldState.Waiting)));
        }
    }

    private Task<IReadOnlyList<HeldKey>> ChangeAsync(HeldQuery query, Func<HeldEvent, HeldEvent> change)
    {
        lock (_gate)
        {
            var matching = Matching(query).ToList();
            matching.ForEach(held => _held[held.Id] = change(held) with { At = time.GetUtcNow() });
            return Task.FromResult<IReadOnlyList<HeldKey>>([.. matching.Select(held => new HeldKey(held.Subscription, held.Partition, held.Key, true)).Distinct()]);
        }
    }

    private IEnumerable<HeldEvent> Open() => _held.Values.Where(held => held.State != HeldState.Skipped);

    private IEnumerable<HeldEvent> Matching(HeldQuery query) => _held.Values.Where(held =>
        query.Subscriptions.Contains(held.Subscription) && held.State == query.State && (query.Id ?? held.Id) == held.Id
        && (query.Key ?? held.Key) == held.Key && (query.Type ?? held.Event.Type) == held.Event.Type && (query.Code is null || query.Code == held.Code));
}
