using System.Threading.Channels;
using Slipway.Sdk.Database;

namespace Slipway.Identity.SignIns;

/// <summary>A sign-in that succeeded.</summary>
internal sealed record SignedIn(Guid UserId, DateTimeOffset At, string ClientId, IReadOnlyList<string> Methods, string? Network, string? UserAgent);

/// <summary>
/// Keeps when and from where accounts signed in. The answer to the client does not wait for it: sign-ins are written in batches, at the
/// latest a moment after they happened, and all of them when the service stops. A killed process loses that moment, which is a
/// statistic; everything a sign-in promises (session, refresh token) was written before its answer. In the baseline profile it waits.
/// </summary>
internal sealed partial class LoginTracking(Database database, bool synchronous, ILogger<LoginTracking> log) : BackgroundService
{
    public const int WaitingMax = 10_000;
    private const int BatchMax = 2000;

    private static readonly TimeSpan s_gather = TimeSpan.FromSeconds(1);

    private readonly Channel<SignedIn> _waiting = Channel.CreateBounded<SignedIn>(
        new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private long _dropped;

    /// <summary>Sign-ins that were not noted because the database could not keep up.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public int Waiting => _waiting.Reader.Count;

    public async ValueTask NoteAsync(SignedIn signIn, CancellationToken cancellation)
    {
        if (synchronous)
        {
            await WriteAsync([signIn], cancellation);
        }
        else if (!_waiting.Writer.TryWrite(signIn) && Interlocked.Increment(ref _dropped) % 1000 == 1)
        {
            // A statistic gives way to sign-ins; the count of what is missing stays visible.
            NotesDropped(Dropped);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<SignedIn>(BatchMax);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                // A batch keeps the rows of its accounts for a moment, for which their sign-ins wait; so there is one now and then, not one
                // after the other.
                await Task.Delay(s_gather, TimeProvider.System, stoppingToken);
                for (var batches = (_waiting.Reader.Count / BatchMax) + 1; batches > 0; batches--)
                {
                    Take(batch);
                    await WriteOrKeepAsync(batch, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            _waiting.Writer.TryComplete();
        }

        // What was noted before the stop is still written; the host's own limit for stopping ends an unreachable database.
        for (Take(batch); batch.Count > 0; Take(batch))
        {
            if (!await TryWriteAsync(batch, CancellationToken.None))
            {
                break;
            }

            batch.Clear();
        }
    }

    private void Take(List<SignedIn> batch)
    {
        while (batch.Count < BatchMax && _waiting.Reader.TryRead(out var signIn))
        {
            batch.Add(signIn);
        }
    }

    private async Task WriteOrKeepAsync(List<SignedIn> batch, CancellationToken stopping)
    {
        while (!await TryWriteAsync(batch, stopping))
        {
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, stopping);
        }

        batch.Clear();
    }

    private async Task<bool> TryWriteAsync(List<SignedIn> batch, CancellationToken cancellation)
    {
        try
        {
            await WriteAsync(batch, cancellation);
            return true;
        }
#pragma warning disable CA1031 // Whatever went wrong, the batch is kept and tried again.
        catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
        {
            NotesWaiting(batch.Count, failure.Message);
            return false;
        }
    }

    private Task WriteAsync(IReadOnlyList<SignedIn> batch, CancellationToken cancellation) =>
        database.WriteAsync(
            async (transaction, c) =>
            {
                // Accounts in one order, so that two instances writing batches at once cannot wait for each other.
                await using var count = transaction.Command(
                    """
                    with seen as (
                        select users.id, noted.times, noted.latest
                        from (select id, count(*) as times, max(at) as latest from unnest($1::uuid[], $2::timestamptz[]) as n (id, at) group by id) as noted
                        join users on users.id = noted.id
                        order by users.id for update of users
                    )
                    update users set login_count = login_count + seen.times, last_login_at = greatest(last_login_at, seen.latest)
                    from seen where users.id = seen.id
                    """,
                    batch.Select(signIn => signIn.UserId).ToArray(),
                    batch.Select(signIn => signIn.At).ToArray());
                await count.ExecuteAsync(c);

                // An account that was closed meanwhile may be on its way to being erased, which a late note must not undo.
                await using var add = transaction.Command(
                    """
                    insert into login_events (id, user_id, at, client_id, methods, network, user_agent)
                    select n.event, n.id, n.at, n.client, n.methods, n.network, n.agent
                    from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[])
                        as n (event, id, at, client, methods, network, agent)
                    where exists (select 1 from users where users.id = n.id and users.is_active)
                    """,
                    batch.Select(signIn => Guid.CreateVersion7(signIn.At)).ToArray(),
                    batch.Select(signIn => signIn.UserId).ToArray(),
                    batch.Select(signIn => signIn.At).ToArray(),
                    batch.Select(signIn => signIn.ClientId).ToArray(),
                    batch.Select(signIn => string.Join(' ', signIn.Methods)).ToArray(),
                    batch.Select(signIn => signIn.Network).ToArray(),
                    batch.Select(signIn => signIn.UserAgent is { Length: > 300 } agent ? agent[..300] : signIn.UserAgent).ToArray());
                await add.ExecuteAsync(c);
            },
            cancellation);

    [LoggerMessage(EventId = 4301, Level = LogLevel.Warning, Message = "{Dropped} sign-ins were not noted: the writer cannot keep up.")]
    private partial void NotesDropped(long dropped);

    [LoggerMessage(EventId = 4303, Level = LogLevel.Warning, Message = "{Count} sign-ins wait to be noted: {Reason}")]
    private partial void NotesWaiting(int count, string reason);
}
