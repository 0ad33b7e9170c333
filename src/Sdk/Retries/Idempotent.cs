using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;

namespace Slipway.Sdk.Retries;

/// <summary>Writes that a client may send again without doing them twice.</summary>
public static class Idempotent
{
    private const string ReplayedHeader = "Idempotency-Replayed";

    private static readonly TimeSpan s_keep = TimeSpan.FromHours(24);

    /// <summary>
    /// Runs the effect in one transaction together with the storing of its reply, so there is never one without the other.
    /// A reply of 400 and above undoes what the effect wrote; what must outlive a refusal (such as a count of failed
    /// attempts) belongs into a transaction of its own.
    /// </summary>
    /// <param name="required">A call that moves money, stock or orders: without the header it is refused.</param>
    /// <param name="keep">How long the reply can be asked for again; a day unless said otherwise.</param>
    public static async Task<Reply> RunAsync(
        HttpContext http,
        Database.Database database,
        Func<NpgsqlTransaction, CancellationToken, Task<Reply>> effect,
        CancellationToken cancellation,
        bool required = false,
        TimeSpan? keep = null)
    {
        var read = IdempotencyKey.Read(http, required);
        if (read.Problem is { } unusable)
        {
            return Reply.Of(unusable);
        }

        try
        {
            if (read.Value is not { } key)
            {
                return await database.WriteAsync(async (transaction, token) => Committed(await TryAsync(effect, transaction, token)), cancellation);
            }

            var request = await RequestHash.OfAsync(http.Request, cancellation);
            var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
            return await database.WriteAsync((transaction, token) => OnceAsync(http, key, request, now, now + (keep ?? s_keep), effect, transaction, token), cancellation);
        }
        catch (UndoneException undone)
        {
            return undone.Reply;
        }
    }

    private static async Task<Reply> OnceAsync(
        HttpContext http,
        IdempotencyKey key,
        byte[] request,
        DateTimeOffset now,
        DateTimeOffset until,
        Func<NpgsqlTransaction, CancellationToken, Task<Reply>> effect,
        NpgsqlTransaction transaction,
        CancellationToken cancellation)
    {
        var (mine, earlier, stored) = await StoredReply.BeginAsync(transaction, key, now, cancellation);
        if (stored is not null)
        {
            return CryptographicOperations.FixedTimeEquals(earlier, request) ? stored.With(ReplayedHeader, "true") : Reply.Of(OtherBody());
        }

        if (!mine)
        {
            return Reply.Of(StillRunning());
        }

        var reply = await TryAsync(effect, transaction, cancellation);
        if (reply.Status is >= 500 or 429)
        {
            return Committed(reply);
        }

        await StoredReply.KeepAsync(transaction, key, request, reply, http, until, cancellation);
        return reply.With(ReplayedHeader, "false");
    }

    private static async Task<Reply> TryAsync(Func<NpgsqlTransaction, CancellationToken, Task<Reply>> effect, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        try
        {
            return await effect(transaction, cancellation);
        }
        catch (ProblemException exception)
        {
            return Reply.Of(exception.Problem);
        }
    }

    /// <summary>The way out of a transaction that must not be committed.</summary>
    private static Reply Committed(Reply reply) => reply.Status < 400 ? reply : throw new UndoneException(reply);

    private static Problem OtherBody() => new(422, "idempotencyKeyReused", "The Idempotency-Key belongs to another request",
        "This key was sent before with a different body. Use a new key for a new change, and the same body to repeat the old one.")
    {
        Errors = [new Finding("idempotencyKeyReused", "The key was used with a different body.") { Header = IdempotencyKey.HeaderName }],
    };

    private static Problem StillRunning() => new(409, "idempotencyKeyInUse", "The first request with this key still runs",
        "A request with this Idempotency-Key is being worked on. Repeat it in a moment to get its reply.")
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    [SuppressMessage("Design", "CA1064", Justification = "Never leaves this file.")]
    private sealed class UndoneException(Reply reply) : Exception
    {
        public Reply Reply { get; } = reply;
    }
}
