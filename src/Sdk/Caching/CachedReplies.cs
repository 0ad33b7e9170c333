using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Slipway.Sdk.Caching;

/// <summary>What was read for an address, and what it was made of.</summary>
public sealed record MadeReply(Reply Reply, IReadOnlyCollection<string> Tags);

/// <summary>
/// Answers public reads from memory where it can. Of many who ask the same thing at once one reads and all get the answer; while the
/// database is away the last answer is given, with its age.
/// </summary>
public sealed class CachedReplies
{
    private const int KeyMax = 1_000;

    private readonly ResponseCache _cache;
    private readonly IHostApplicationLifetime _life;
    private readonly ConcurrentDictionary<(string Key, long Moment), Lazy<Task<Reply>>> _being = new();
    private readonly Counter<long> _asked;
    private readonly string _warning;

    public CachedReplies(CacheBounds bounds, ResponseCache cache, IHostApplicationLifetime life, Meter meter)
    {
        (_cache, _life, _warning) = (cache, life, $"110 {bounds.Name} \"Response is stale\"");
        _asked = meter.CreateCounter<long>(bounds.Name + ".cache.requests", "{request}", "Public reads by where their answer came from: hit, miss or stale.");
    }

    /// <param name="scope">What the answer depends on besides the address, such as the tenant.</param>
    public async Task<IResult> ReadAsync(HttpContext http, Func<CancellationToken, Task<MadeReply>> read, CancellationToken cancellation, string scope = "")
    {
        var key = string.Concat(scope, http.Request.Path.Value, http.Request.QueryString.Value);
        if (key.Length > KeyMax)
        {
            return Conditional(http, (await read(cancellation)).Reply);
        }

        if (_cache.Find(key) is { } known)
        {
            Count("hit");
            Tell(http, "hit", known.Age);
            return Conditional(http, known.Reply);
        }

        try
        {
            Count("miss");
            Tell(http, "miss", null);

            // Whoever asked first may leave; the others still want the answer. Somebody who has just written something does not join a
            // reading that began before.
            var moment = _cache.Moment();
            var making = _being.GetOrAdd(
                (key, moment), static (asked, self) => new Lazy<Task<Reply>>(() => self.Replies.MakeAsync(asked, self.Read)), (Replies: this, Read: read));
            return Conditional(http, await making.Value.WaitAsync(cancellation));
        }
        catch (ProblemException exception) when (exception.Problem.Status == 503 && _cache.FindForOutage(key) is { } old)
        {
            Count("stale");
            Tell(http, "stale", old.Age);
            return Conditional(http, old.Reply.With("Warning", _warning));
        }
    }

    private async Task<Reply> MakeAsync((string Key, long Moment) asked, Func<CancellationToken, Task<MadeReply>> read)
    {
        try
        {
            var made = await read(_life.ApplicationStopping);
            if (made.Reply.Status == 200)
            {
                _cache.Keep(asked.Key, asked.Moment, made.Reply, made.Tags);
            }

            return made.Reply;
        }
        finally
        {
            _being.TryRemove(asked, out _);
        }
    }

    /// <summary>Nobody gets sent what they have already.</summary>
    private static Reply Conditional(HttpContext http, Reply reply)
    {
        var etag = reply.Headers.FirstOrDefault(header => header.Key == "ETag").Value;
        return etag is not null && Versions.NotModified(http.Request, etag)
            ? new Reply(304, [.. reply.Headers.Where(header => header.Key is not "Content-Type")], default)
            : reply;
    }

    private static void Tell(HttpContext http, string where, TimeSpan? age)
    {
        http.Response.Headers["X-Cache"] = where;
        if (age is { } since)
        {
            http.Response.Headers["Age"] = ((long)since.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }
    }

    private void Count(string result) => _asked.Add(1, new KeyValuePair<string, object?>("result", result));
}
