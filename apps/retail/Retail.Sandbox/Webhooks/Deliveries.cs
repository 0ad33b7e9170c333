using System.Text;
using Microsoft.Extensions.Logging;
using Retail.Sandbox.Bank;
using Slipway.Sdk.Database;
using Slipway.Sdk.Outbound;
using Slipway.Sdk.Problems;

namespace Retail.Sandbox.Webhooks;

/// <summary>Sends what is due, each until it is taken; after twelve attempts, some hours later, it is given up.</summary>
internal sealed partial class Deliveries(
    Database database, ServiceCalls calls, WebhookSettings settings, WebhookQueue queue, Pace pace, TimeProvider time, ILogger<Deliveries> logger)
{
    private const int AttemptsMax = 12;
    private const int AtOnce = 16;

    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);

    private readonly CallOptions _options = calls.Usual with { Timeout = TimeSpan.FromSeconds(10), Retries = 0 };

    /// <summary>Decides what was put off and sends what is due. True while there is more.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        var decided = await DecideAsync(cancellation);
        var due = await DueAsync(cancellation);
        await Task.WhenAll(due.Select(delivery => SendAsync(delivery, cancellation)));
        return decided || due.Count == AtOnce;
    }

    private Task<bool> DecideAsync(CancellationToken cancellation) => database.WriteAsync(
        async (transaction, token) =>
        {
            var due = await transaction.Command(
                $"select {IntentRows.Columns} from intents where decide_at <= $1 order by decide_at limit $2 for update skip locked", time.GetUtcNow(), AtOnce)
                .ListAsync(IntentRows.Read, token);
            foreach (var intent in due)
            {
                var decided = IntentRules.DecideLater(intent) ?? intent with { DecideAt = null };
                await IntentRows.UpdateAsync(transaction, decided, token);
                if (decided.Status != intent.Status)
                {
                    await queue.TellAsync(transaction, decided, token);
                }
            }

            return due.Count > 0;
        },
        cancellation);

    /// <summary>Taken for a while; whoever dies with them leaves them due again.</summary>
    private Task<List<Delivery>> DueAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return database.WriteAsync(
            (transaction, token) => transaction.Command(
                """
                update webhook_deliveries set due_at = $2, attempts = attempts + 1
                where number in (
                    select number from webhook_deliveries where due_at <= $1 and delivered_at is null and not given_up order by due_at, number limit $3 for update skip locked)
                returning number, body, attempts
                """,
                now, now + s_lease, AtOnce).ListAsync(row => new Delivery(row.GetInt64(0), row.GetString(1), row.GetInt32(2)), token),
            cancellation);
    }

    private async Task SendAsync(Delivery delivery, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Path) { Content = new StringContent(delivery.Body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation(WebhookSigner.HeaderName, WebhookSigner.Sign(settings.Secret, now, delivery.Body));
        string? error;
        try
        {
            using var answer = await calls.Client(settings.Service, _options).SendAsync(request, cancellation);
            error = answer.IsSuccessStatusCode ? null : $"The receiver answered {(int)answer.StatusCode}.";
        }
        catch (ProblemException exception)
        {
            error = exception.Problem.Detail;
        }

        if (error is null)
        {
            await database.WriteAsync(
                (transaction, token) => transaction.Command("update webhook_deliveries set delivered_at = $2, last_error = null where number = $1", delivery.Number, now).ExecuteAsync(token),
                cancellation);
            return;
        }

        var wait = TimeSpan.FromTicks(Math.Min(s_longest.Ticks, pace.RetryBase.Ticks << Math.Min(delivery.Attempts, 20)));
        var given = delivery.Attempts >= AttemptsMax;
        LogRefused(logger, delivery.Number, delivery.Attempts, error);
        await database.WriteAsync(
            (transaction, token) => transaction.Command(
                "update webhook_deliveries set due_at = $2, given_up = $3, last_error = $4 where number = $1", delivery.Number, time.GetUtcNow() + wait, given, error).ExecuteAsync(token),
            cancellation);
    }

    [LoggerMessage(EventId = 9301, Level = LogLevel.Warning, Message = "The webhook {Number} was not taken at attempt {Attempt}: {Error}")]
    private static partial void LogRefused(ILogger logger, long number, int attempt, string error);

    private sealed record Delivery(long Number, string Body, int Attempts);
}
