using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Slipway.Sdk.Outbound;
using Slipway.Sdk.Problems;

namespace Retail.Payments.Provider;

/// <summary>A bank that speaks as Stripe does: forms in, JSON out, one Idempotency-Key per intended effect.</summary>
internal sealed class StripeProvider(ServiceCalls calls, ProviderSettings settings) : IPaymentProvider
{
    private const string KeyName = "intent_key";
    private const int PageSize = 100;

    /// <summary>Operations come again by themselves, with growing pauses; refusing them for longer would only keep buyers waiting when the bank is back.</summary>
    private static readonly TimeSpan s_breakerReset = TimeSpan.FromSeconds(1);

    private readonly CallOptions _options = calls.Usual with { Timeout = settings.Timeout, BytesMax = 4 * 1024 * 1024, BreakerReset = s_breakerReset };

    public Task<ProviderAnswer> AuthorizeAsync(AuthorizeCall call, CancellationToken cancellation) => PostAsync(
        "/v1/payment_intents",
        call.Key,
        cancellation,
        ("amount", Number(call.Amount)),
        ("currency", call.Currency.ToLowerInvariant()),
        ("payment_method", call.Token),
        ("confirm", "true"),
        ("capture_method", "manual"),
        ("return_url", call.ReturnUrl),
        ("metadata[order_id]", call.OrderId.ToString()),
        ($"metadata[{KeyName}]", call.Key));

    public Task<ProviderAnswer> CaptureAsync(string reference, long amount, string key, CancellationToken cancellation) =>
        PostAsync($"/v1/payment_intents/{Uri.EscapeDataString(reference)}/capture", key, cancellation, ("amount_to_capture", Number(amount)));

    public Task<ProviderAnswer> VoidAsync(string reference, string key, CancellationToken cancellation) =>
        PostAsync($"/v1/payment_intents/{Uri.EscapeDataString(reference)}/cancel", key, cancellation);

    public Task<ProviderAnswer> RefundAsync(string reference, long amount, string key, CancellationToken cancellation) =>
        PostAsync("/v1/refunds", key, cancellation, ("payment_intent", reference), ("amount", Number(amount)), ("metadata[refund_id]", key));

    public Task<ProviderAnswer> GetAsync(string reference, CancellationToken cancellation) =>
        AskAsync(new HttpRequestMessage(HttpMethod.Get, $"/v1/payment_intents/{Uri.EscapeDataString(reference)}"), cancellation);

    public async Task<ProviderAnswer> FindAsync(string key, CancellationToken cancellation)
    {
        var query = Uri.EscapeDataString($"metadata[\"{KeyName}\"]:\"{key}\"");
        try
        {
            using var document = await GetDocumentAsync($"/v1/payment_intents/search?query={query}", cancellation);
            return Items(document) is [var first, ..] ? new ProviderAnswer.Seen(first) : new ProviderAnswer.Absent();
        }
        catch (ProblemException exception)
        {
            return new ProviderAnswer.Unknown(exception.Problem.Detail);
        }
    }

    public async Task<ProviderCard?> CardAsync(string token, CancellationToken cancellation)
    {
        using var request = Introduced(new HttpRequestMessage(HttpMethod.Get, $"/v1/tokens/{Uri.EscapeDataString(token)}"));
        using var answer = await Client.SendAsync(request, cancellation);
        if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
        {
            return null;
        }

        using var document = await ReadAsync(answer, cancellation);
        if (!answer.IsSuccessStatusCode || document is null)
        {
            throw Unusable(answer.StatusCode);
        }

        var card = StripeDocuments.Member(document.RootElement, "card");
        return StripeDocuments.Text(card, "last4") is { Length: 4 } last4 ? new ProviderCard(StripeDocuments.Text(card, "brand") ?? "card", last4) : null;
    }

    public async Task<ProviderPage> ListAsync(DateTimeOffset since, string? after, CancellationToken cancellation)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/v1/payment_intents?limit={PageSize}&created[gte]={since.ToUnixTimeSeconds()}");
        using var document = await GetDocumentAsync(after is null ? path : $"{path}&starting_after={Uri.EscapeDataString(after)}", cancellation);
        var items = Items(document);
        var more = StripeDocuments.Member(document.RootElement, "has_more").ValueKind == JsonValueKind.True;
        return new ProviderPage(items, more && items is [.., var last] ? last.Reference : null);
    }

    private HttpClient Client => calls.Client(settings.Service, _options);

    private Task<ProviderAnswer> PostAsync(string path, string key, CancellationToken cancellation, params (string Name, string Value)[] form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))) };

        // With the key the bank does it once, so the call may be sent again as long as nobody has heard the answer.
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return AskAsync(request, cancellation);
    }

    private async Task<ProviderAnswer> AskAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using (request)
        {
            try
            {
                using var answer = await Client.SendAsync(Introduced(request), cancellation);
                using var document = await ReadAsync(answer, cancellation);
                return document is null ? new ProviderAnswer.Unknown($"The provider answered {(int)answer.StatusCode} without a document.") : Understand(answer.StatusCode, document.RootElement);
            }
            catch (ProblemException exception)
            {
                return new ProviderAnswer.Unknown(exception.Problem.Detail);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                return new ProviderAnswer.Unknown(exception.Message);
            }
        }
    }

    private static ProviderAnswer Understand(HttpStatusCode status, JsonElement document)
    {
        if ((int)status is >= 200 and < 300)
        {
            return StripeDocuments.Intent(document) is { } intent ? new ProviderAnswer.Seen(intent)
                : StripeDocuments.Text(document, "object") == "refund" && StripeDocuments.Text(document, "id") is { } refund ? Refund(document, refund)
                : new ProviderAnswer.Unknown("The provider's answer is of no kind that is known.");
        }

        var error = StripeDocuments.Member(document, "error");
        if (status == HttpStatusCode.PaymentRequired && StripeDocuments.Intent(StripeDocuments.Member(error, "payment_intent")) is { } declined)
        {
            return new ProviderAnswer.Seen(declined);
        }

        // Only these say for certain that nothing was done; a wrong key of ours, a conflict or an outage does not.
        return (int)status is 400 or 402 or 404 or 422 && error.ValueKind == JsonValueKind.Object && StripeDocuments.Text(error, "code") != "idempotency_key_in_use"
            ? new ProviderAnswer.Refused(StripeDocuments.Text(error, "code") ?? "refused", StripeDocuments.Text(error, "message") ?? "The provider refused.")
            : new ProviderAnswer.Unknown($"The provider answered {(int)status}.");
    }

    private static ProviderAnswer Refund(JsonElement document, string reference) => StripeDocuments.Text(document, "status") switch
    {
        "failed" or "canceled" => new ProviderAnswer.Refused("refundFailed", "The provider could not give the money back."),
        _ => new ProviderAnswer.Repaid(reference),
    };

    private async Task<JsonDocument> GetDocumentAsync(string path, CancellationToken cancellation)
    {
        using var request = Introduced(new HttpRequestMessage(HttpMethod.Get, path));
        using var answer = await Client.SendAsync(request, cancellation);
        return answer.IsSuccessStatusCode && await ReadAsync(answer, cancellation) is { } document ? document : throw Unusable(answer.StatusCode);
    }

    private HttpRequestMessage Introduced(HttpRequestMessage request)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", settings.Key);
        return request;
    }

    private static async Task<JsonDocument?> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            return await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<ProviderIntent> Items(JsonDocument document) =>
        StripeDocuments.Member(document.RootElement, "data") is { ValueKind: JsonValueKind.Array } data
            ? [.. data.EnumerateArray().Select(StripeDocuments.Intent).OfType<ProviderIntent>()]
            : [];

    private static ProblemException Unusable(HttpStatusCode status) =>
        new(Problem.Unavailable("providerUnavailable", $"The payment provider answered {(int)status}. Try again in a moment.", TimeSpan.FromSeconds(2)));

    private static string Number(long amount) => amount.ToString(CultureInfo.InvariantCulture);
}
