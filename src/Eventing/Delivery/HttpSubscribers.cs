using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Slipway.Eventing.Events;
using Slipway.Eventing.Signing;
using Slipway.Model.Eventing;

namespace Slipway.Eventing.Delivery;

/// <summary>Pushes events over HTTP, binary mode, signed with the key of the service they go to.</summary>
internal sealed class HttpSubscribers : ISubscribers, IDisposable
{
    private const int AnswerBytesMax = AttributeRules.EventBytesMax + (64 * 1024);
    private const int ErrorLengthMax = 500;

    private readonly HttpMessageInvoker _http;
    private readonly byte[] _platformKey;
    private readonly TimeProvider _time;

    public HttpSubscribers(byte[] platformKey, TimeProvider time)
    {
        (_platformKey, _time) = (platformKey, time);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            MaxConnectionsPerServer = EventingNames.ConcurrencyMax,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        });
    }

    public async Task<DeliveryResult> SendAsync(Push push, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(push.Timeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            using var request = Request(push);
            using var response = await _http.SendAsync(request, limit.Token);
            return await ReadAsync(response, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new DeliveryResult(null, $"No answer within {push.Timeout.TotalSeconds:0.#} s.");
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or SocketException)
        {
            return new DeliveryResult(null, Shortened(failed.Message));
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(Push push)
    {
        var told = push.Replay ? push.Event.With("replay", "true") : push.Event;
        var body = told.Data ?? ReadOnlyMemory<byte>.Empty;
        var request = new HttpRequestMessage(HttpMethod.Post, push.To.Dial) { Content = new ReadOnlyMemoryContent(body) };
        var headers = request.Headers;
        headers.Host = push.To.Address.Authority;
        foreach (var (name, value) in BinaryEvents.Headers(told))
        {
            headers.TryAddWithoutValidation(name, value);
        }

        request.Content.Headers.TryAddWithoutValidation("Content-Type", told.DataContentType ?? (body.IsEmpty ? null : "application/json"));
        headers.TryAddWithoutValidation("Prefer", "reply");
        headers.TryAddWithoutValidation("slipway-partition", push.Partition.ToString(CultureInfo.InvariantCulture));
        headers.TryAddWithoutValidation("slipway-offset", push.Place.ToString(CultureInfo.InvariantCulture));
        headers.TryAddWithoutValidation("slipway-attempt", push.Attempt.ToString(CultureInfo.InvariantCulture));
        if (told.Attribute("traceparent") is { } trace)
        {
            headers.TryAddWithoutValidation("traceparent", HeaderText.Encode(trace));
        }

        if (push.To.Service is { } service)
        {
            var timestamp = _time.GetUtcNow().ToUnixTimeSeconds();
            var key = EventKeys.Of(_platformKey, service.Namespace, service.Name);
            headers.TryAddWithoutValidation(Signature.IdHeader, HeaderText.Encode(told.Id));
            headers.TryAddWithoutValidation(Signature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
            headers.TryAddWithoutValidation(Signature.SignatureHeader, Signature.Of(key, told, timestamp, body.Span));
        }

        return request;
    }

    private async Task<DeliveryResult> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var code = (int)response.StatusCode;
        if (response.IsSuccessStatusCode)
        {
            return code == 200 && IsEvent(response) ? await ReplyAsync(response, cancellation) : new DeliveryResult(code);
        }

        var body = await BodyAsync(response, ErrorLengthMax * 4, cancellation);
        var error = Shortened($"{code} {response.ReasonPhrase}: {Encoding.UTF8.GetString(body ?? [])}");
        return new DeliveryResult(code, error, RetryAfter(response.Headers.RetryAfter));
    }

    private static bool IsEvent(HttpResponseMessage response) =>
        response.Headers.Contains("ce-specversion") || MediaTypes.Is(response.Content.Headers.ContentType?.ToString(), MediaTypes.Structured);

    private static async Task<DeliveryResult> ReplyAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (await BodyAsync(response, AnswerBytesMax, cancellation) is not { } body)
        {
            return new DeliveryResult(200, $"The event in the answer has more than {AttributeRules.EventBytesMax} bytes.");
        }

        var type = response.Content.Headers.ContentType?.ToString();
        var read = MediaTypes.Is(type, MediaTypes.Structured)
            ? StructuredEvents.Read(body)
            : BinaryEvents.Read(response.Headers.Select(header => KeyValuePair.Create(header.Key, string.Join(',', header.Value))), type, body);
        return read.Failure is { } failure
            ? new DeliveryResult(200, $"The event in the answer cannot be read: {failure.Detail}")
            : new DeliveryResult(200, Reply: read.Value);
    }

    /// <summary>Null when there is more than is taken; of a refusal the beginning is enough.</summary>
    private static async Task<byte[]?> BodyAsync(HttpResponseMessage response, int most, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var taken = new MemoryStream();
        var buffer = new byte[Math.Min(most, 16 * 1024)];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellation)) > 0)
        {
            if (taken.Length + read > most)
            {
                return response.IsSuccessStatusCode ? null : taken.ToArray();
            }

            taken.Write(buffer, 0, read);
        }

        return taken.ToArray();
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) =>
        header is null ? null : header.Delta ?? (header.Date is { } date && date > _time.GetUtcNow() ? date - _time.GetUtcNow() : null);

    private static string Shortened(string text)
    {
        var clean = new string([.. text.Select(letter => char.IsControl(letter) ? ' ' : letter)]).Trim(' ', ':');
        return clean.Length <= ErrorLengthMax ? clean : clean[..ErrorLengthMax] + "…";
    }
}
