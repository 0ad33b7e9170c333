using System.Net;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Callers;

/// <summary>
/// The identity service's keys. They are kept ten minutes, and the last good set is kept for as long as no newer one can
/// be had, so services go on working without identity. A key nobody has seen asks again, but not more often than every ten
/// seconds: made-up key ids must not become a flood of requests.
/// </summary>
internal sealed partial class IdentityKeySource(IdentityConnection identity, TimeProvider time, ILogger<IdentityKeySource> log) : IKeySource, IDisposable
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    /// <summary>Without any key nobody can be let in, so a service that has just started asks more often.</summary>
    private static readonly TimeSpan s_pauseWithout = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _fetching = new(1);
    private volatile KeySet _keys = new(JsonWebKeys.None, DateTimeOffset.MinValue);
    private DateTimeOffset _triedAt = DateTimeOffset.MinValue;

    public async ValueTask<JsonWebKeys> KeysAsync(string kid, CancellationToken cancellation)
    {
        var keys = _keys;
        if (keys.Keys.Knows(kid))
        {
            if (time.GetUtcNow() - keys.At >= s_fresh)
            {
                RefreshBeside();
            }

            return keys.Keys;
        }

        await _fetching.WaitAsync(cancellation);
        try
        {
            if (!_keys.Keys.Knows(kid))
            {
                // For everybody who waits, so the caller that happened to come first must not end it by going away.
                await FetchAsync();
            }
        }
        finally
        {
            _fetching.Release();
        }

        return _keys.Keys.Count > 0
            ? _keys.Keys
            : throw new ProblemException(Problem.Unavailable("identityUnavailable", "Tokens cannot be verified now: the identity service does not give its keys.", s_pauseWithout));
    }

    public void Dispose()
    {
        // The semaphore has no wait handle to free, and a refresh that ends later may still release it.
    }

    /// <summary>A known key is as good as it was; nobody waits for news of it, least of all from an issuer that hangs.</summary>
    private void RefreshBeside()
    {
        if (_fetching.Wait(0))
        {
            _ = Task.Run(async () =>
            {
                try
                {
                    await FetchAsync();
                }
                finally
                {
                    _fetching.Release();
                }
            });
        }
    }

    private async Task FetchAsync()
    {
        if (time.GetUtcNow() - _triedAt < (_keys.Keys.Count > 0 ? s_pause : s_pauseWithout))
        {
            return;
        }

        _triedAt = time.GetUtcNow();
        try
        {
            var (status, body) = await identity.GetAsync("/oauth2/jwks", CancellationToken.None);
            if (status != HttpStatusCode.OK)
            {
                NotFetched((int)status);
            }
            else if (JsonWebKeys.Parse(body).Is(out var keys, out var problem) && keys.Count > 0)
            {
                _keys = new KeySet(keys, time.GetUtcNow());
            }
            else
            {
                NotUsable(problem?.Detail ?? "it has no usable key");
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or ProblemException or OperationCanceledException)
        {
            NotReached(exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The identity service answered {Status} when asked for its keys; the last good set stays in use")]
    private partial void NotFetched(int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The identity service's key set is unusable: {Reason}; the last good set stays in use")]
    private partial void NotUsable(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The identity service cannot be reached for its keys: {Reason}; the last good set stays in use")]
    private partial void NotReached(string reason);

    private sealed record KeySet(JsonWebKeys Keys, DateTimeOffset At);
}
