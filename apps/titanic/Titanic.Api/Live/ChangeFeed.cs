using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Slipway.Sdk.Database;
using Slipway.Sdk.Live;
using Slipway.Sdk.Problems;
using Titanic.Api.Tenants;

namespace Titanic.Api.Live;

/// <summary>
/// Changes of people as they happen, from a position on. Readers who are at the same place share one look at the database, so a thousand who
/// follow cost what one does.
/// </summary>
internal sealed class ChangeFeed
{
    public const int ReadersMax = 2_000;

    /// <summary>Whoever missed more reads the list anew.</summary>
    private const int RowsMax = 500;

    /// <summary>What is committed while no instance can tell others is found by looking.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(10);

    private readonly TenantData _data;
    private readonly ChangeSignal _signal;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<(string Tenant, string Snapshot, long Signal), Lazy<Task<Stretch>>> _looks = new();
    private int _readers;

    public ChangeFeed(TenantData data, ChangeSignal signal, TimeProvider time, Meter meter)
    {
        (_data, _signal, _time) = (data, signal, time);
        meter.CreateObservableUpDownCounter("titanic.live.streams", () => _readers, "{stream}", "Streams that are open on this instance.");
    }

    /// <summary>True if there is room for another reader, who must leave again.</summary>
    public bool Enter()
    {
        if (Interlocked.Increment(ref _readers) <= ReadersMax)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _readers);

    public static Problem Full() => Problem.Unavailable("tooManyStreams", "This instance has no room for another stream.", TimeSpan.FromSeconds(5));

    /// <param name="last">Where the reader left off; null for a new one.</param>
    public async IAsyncEnumerable<LiveEvent> FollowAsync(Tenant tenant, string? last, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var position = FeedPosition.Read(last, _time.GetUtcNow());
        var signal = _signal.Number;
        if (position is null)
        {
            position = await NowAsync(tenant, cancellation);
            yield return new LiveEvent(position.Text, last is null ? "ready" : "reset", "{}");
        }

        while (true)
        {
            var stretch = await LookAsync(tenant, position.Snapshot, signal);
            position = stretch.End;
            if (stretch.Rows is null)
            {
                yield return new LiveEvent(position.Text, "reset", "{}");
            }

            foreach (var (row, at) in (stretch.Rows ?? []).Select((row, at) => (row, at)))
            {
                // Only the last of a stretch leaves the reader at its end; one that breaks off before it is told the stretch once more.
                yield return new LiveEvent(at == stretch.Rows!.Count - 1 ? position.Text : "", row.Action, row.Json);
            }

            await AnyAsync(signal, cancellation);
            signal = _signal.Number;
        }
    }

    private async Task AnyAsync(long signal, CancellationToken cancellation)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(_signal.After(signal), Task.Delay(s_look, _time, pause.Token));
        await pause.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    private async Task<FeedPosition> NowAsync(Tenant tenant, CancellationToken cancellation) => new(
        _time.GetUtcNow(), (await _data.OneAsync(tenant, "feed", new Question("select pg_current_snapshot()::text"), row => row.GetString(0), cancellation))!);

    private async Task<Stretch> LookAsync(Tenant tenant, string from, long signal)
    {
        var key = (tenant.Name, from, signal);
        try
        {
            // Not one reader's to break off: others wait for the same.
            return await _looks.GetOrAdd(key, _ => new Lazy<Task<Stretch>>(() => ReadAsync(tenant, from, CancellationToken.None))).Value;
        }
        finally
        {
            _looks.TryRemove(key, out _);
        }
    }

    private Task<Stretch> ReadAsync(Tenant tenant, string from, CancellationToken cancellation) => _data.ReadAsync(
        tenant,
        "feed",
        [
            new Question(
                $"""
                select s.snapshot::text, c.* from (select pg_current_snapshot() as snapshot) s left join lateral (
                    select c.uuid, c.passenger_id, c.action, c.version, c.at from person_changes c
                    where c.xid >= pg_snapshot_xmin($1::text::pg_snapshot)::text::bigint and not pg_visible_in_snapshot(c.xid::text::xid8, $1::text::pg_snapshot)
                    order by c.number limit {RowsMax + 1}) c on true
                """,
                from),
        ],
        async (reader, token) =>
        {
            var (rows, snapshot) = (new List<ChangeRow>(), from);
            while (await reader.ReadAsync(token))
            {
                snapshot = reader.GetString(0);
                if (!reader.IsDBNull(1))
                {
                    rows.Add(ChangeRow.Of(reader.GetGuid(1), reader.GetInt32(2), reader.GetString(3), reader.GetInt64(4), reader.GetFieldValue<DateTimeOffset>(5)));
                }
            }

            return new Stretch(new FeedPosition(_time.GetUtcNow(), snapshot), rows.Count > RowsMax ? null : rows);
        },
        cancellation);

    private sealed record Stretch(FeedPosition End, List<ChangeRow>? Rows);

    private sealed record ChangeRow(string Action, string Json)
    {
        public static ChangeRow Of(Guid uuid, int passengerId, string action, long version, DateTimeOffset at) => new(
            action,
            string.Create(CultureInfo.InvariantCulture, $$"""{"uuid":"{{uuid}}","passengerId":{{passengerId}},"version":{{version}},"at":"{{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}"}"""));
    }
}
