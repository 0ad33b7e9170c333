using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;

namespace Retail.Catalog.Caching;

/// <summary>What was read for an address, and what it was made of.</summary>
internal sealed record MadeReply(Reply Reply, IReadOnlyCollection<string> Tags);

/// <summary>
/// Answers public reads from memory where it can. Of many who ask the same thing at once one reads and all get the answer; while the
/// database is away the last answer is given, with its age.
/// </summary>
internal sealed class CachedReplies
{
    private const int KeyMax = 1_000;

    private readonly ResponseCache _cache;
    private readonly IHostApplicationLifetime _life;
    private readonly ConcurrentDictionary<(string Key, long Moment), Lazy<Task<Reply>>> _being = new();
    private readonly Counter<long> _asked;

    public CachedReplies(ResponseCache cache, IHostApplicationLifetime life, Meter meter)
    {
        (_cache, _life) = (cache, life);
        _asked = meter.CreateCounter<long>("catalog.cache.requests", "{request}", "Public reads by where their answer came from: hit, miss or stale.");
    }

    public async Task<IResult> ReadAsync(HttpContext http, Func<CancellationToken, Task<MadeReply>> read, CancellationToken cancellation)
    {
        var key = string.Concat(http.Request.Path.Value, http.Request.QueryString.Value);
        if (key.Length > KeyMax)
        {
            return Conditional(http, (await read(cancellation)).Reply);
        }

        if (_cache.Find(key) is { } known)
        {
            Count("hit");
            return Conditional(http, known);
        }

        try
        {
            Count("miss");

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
            return Conditional(
                http, old.Reply.With("Age", ((long)old.Age.TotalSeconds).ToString(CultureInfo.InvariantCulture)).With("Warning", "110 catalog \"Response is stale\""));
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

    private void Count(string result) => _asked.Add(1, new KeyValuePair<string, object?>("result", result));
}
