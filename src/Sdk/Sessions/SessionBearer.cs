using System.Collections.Concurrent;
using Npgsql;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Sessions;

/// <summary>
/// The token to call other services with. One that runs out soon is exchanged first, once for all instances: whoever holds
/// the row's lock asks, the others find the new token. Refresh tokens rotate, so asking twice could end the session.
/// </summary>
internal sealed class SessionBearer(Database.Database database, SessionStore store, IdentityTokens identity, TimeProvider time)
{
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(60);

    // One entry per session being refreshed right now; each removes itself.
    private readonly ConcurrentDictionary<string, Lazy<Task<Outcome<string>>>> _refreshing = new();

    /// <summary>401 when the identity service has ended the sign-in; the session is gone then.</summary>
    public async ValueTask<Outcome<string>> OfAsync(SessionRow session, CancellationToken cancellation)
    {
        if (session.TokensExpireAt - time.GetUtcNow() > s_margin)
        {
            return session.Tokens.Access;
        }

        // Many requests of one page arrive together; one connection for all of them is enough.
        var key = Convert.ToHexString(session.Id);
        var refresh = _refreshing.GetOrAdd(key, _ => new Lazy<Task<Outcome<string>>>(() => Task.Run(() => RefreshAsync(key, session), CancellationToken.None)));
        return await refresh.Value.WaitAsync(cancellation);
    }

    private async Task<Outcome<string>> RefreshAsync(string key, SessionRow seen)
    {
        try
        {
            return await RefreshAsync(seen, CancellationToken.None);
        }
        catch (ProblemException exception)
        {
            return StillGood(seen, exception.Problem);
        }
        catch (Exception exception) when (DatabaseFailures.IsOutage(exception))
        {
            return StillGood(seen, Problem.Unavailable("databaseUnavailable", "The session's token could not be renewed.", TimeSpan.FromSeconds(1)));
        }
        finally
        {
            _refreshing.TryRemove(key, out _);
        }
    }

    /// <summary>
    /// Not one of the pool's calls: it waits for another service while it holds the row, and must neither take a call's
    /// connection nor count against the database when that service is slow.
    /// </summary>
    private async Task<Outcome<string>> RefreshAsync(SessionRow seen, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await transaction.Command("set local lock_timeout = '10s'").ExecuteAsync(cancellation);
        if (await store.LockAsync(transaction, seen.Id, cancellation) is not { } session)
        {
            return Ended();
        }

        if (session.TokensExpireAt - time.GetUtcNow() > s_margin)
        {
            return session.Tokens.Access;
        }

        if (session.Tokens.Refresh is null)
        {
            return StillGood(session, Ended());
        }

        var renewed = await identity.RefreshAsync(session.Tokens.Refresh, cancellation);
        if (!renewed.Is(out var granted, out var problem))
        {
            if (problem.Status == 401)
            {
                await transaction.Command("delete from slipway.sessions where id = $1", session.Id).ExecuteAsync(cancellation);
                await transaction.CommitAsync(cancellation);
                return Ended();
            }

            return StillGood(session, problem);
        }

        var tokens = granted.Tokens with { Refresh = granted.Tokens.Refresh ?? session.Tokens.Refresh };
        await store.ReplaceTokensAsync(transaction, session.Id, tokens, time.GetUtcNow() + granted.Lifetime, cancellation);
        await transaction.CommitAsync(cancellation);
        return tokens.Access;
    }

    /// <summary>The old token serves until its last second when there is no newer one to be had.</summary>
    private Outcome<string> StillGood(SessionRow session, Problem otherwise) =>
        session.TokensExpireAt > time.GetUtcNow() ? session.Tokens.Access : otherwise;

    private static Problem Ended() => Problem.Unauthenticated("The sign-in has ended. Sign in again.") with { Headers = [] };
}
