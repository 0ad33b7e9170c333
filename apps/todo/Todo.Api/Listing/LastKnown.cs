using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Todo.Api.Changes;

namespace Todo.Api.Listing;

/// <summary>
/// What somebody read last, for the minutes in which the database does not answer: an old list with its age is more useful than none.
/// While the database answers nothing is ever taken from here, since telling whether a list is still the newest would cost as much as
/// reading it.
/// </summary>
internal sealed class LastKnown(LastKnownOptions options, TimeProvider time) : IDisposable
{
    private const int KeyMax = 2000;
    private const int Overhead = 1000;

    private readonly MemoryCache _pages = new(new MemoryCacheOptions { SizeLimit = options.BytesMax, ExpirationScanFrequency = options.Check });

    public async Task<Reply> ReadAsync(HttpContext http, Actor actor, Func<Task<Reply>> read)
    {
        var key = $"{actor.Id}\n{http.Request.Path}{http.Request.QueryString}";
        if (!options.On || key.Length > KeyMax)
        {
            return await read();
        }

        try
        {
            var reply = await read();
            if (reply.Status == 200)
            {
                _pages.Set(key, new Known(reply, time.GetUtcNow()), new MemoryCacheEntryOptions { Size = reply.Body.Length + Overhead, AbsoluteExpirationRelativeToNow = options.Lifetime });
            }

            return reply;
        }
        catch (ProblemException exception) when (exception.Problem.Status == 503 && _pages.TryGetValue(key, out Known? known))
        {
            var age = (long)(time.GetUtcNow() - known!.At).TotalSeconds;
            return known.Reply.With("Age", $"{age}").With("Warning", "110 todo-api \"Response is stale\"");
        }
    }

    public void Dispose() => _pages.Dispose();

    private sealed record Known(Reply Reply, DateTimeOffset At);
}

/// <summary>How much is remembered and for how long; when it is full the oldest goes.</summary>
internal sealed record LastKnownOptions(bool On, TimeSpan Lifetime, TimeSpan Check)
{
    public long BytesMax { get; init; } = 32 * 1_048_576;
}
