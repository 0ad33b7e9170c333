using System.Net;
using System.Net.Http.Headers;

namespace Slipway.Telemetry.Collecting;

/// <summary>What came of asking an instance for its figures.</summary>
internal abstract record ScrapeAnswer
{
    public sealed record Body(ReadOnlyMemory<byte> Bytes, string ContentType) : ScrapeAnswer;

    /// <summary>It answered, and has no figures to tell.</summary>
    public sealed record NoSuchPlace(string Reason) : ScrapeAnswer;

    public sealed record Failed(string Reason) : ScrapeAnswer;
}

/// <summary>Asks one instance for its figures, within limits of time and size.</summary>
internal sealed class ScrapeFetch : IDisposable
{
    private const string Accept =
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    private readonly HttpClient _http;
    private readonly TimeSpan _timeout;
    private readonly int _bytesMax;
    private readonly TimeProvider _time;

    public ScrapeFetch(TimeSpan timeout, int bytesMax, TimeProvider time)
    {
        (_timeout, _bytesMax, _time) = (timeout, bytesMax, time);
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip,
            // Longer than a scrape interval, so that a target is not connected to anew each time.
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = 64,
            ActivityHeadersPropagator = null,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public async Task<ScrapeAnswer> GetAsync(ScrapeTarget target, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, target.Url)
        {
            Version = target.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("Accept", Accept);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("slipway-telemetry", "1"));
        request.Headers.TryAddWithoutValidation("X-Prometheus-Scrape-Timeout-Seconds", _timeout.TotalSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture));
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            if (response.StatusCode is not HttpStatusCode.OK)
            {
                var reason = $"it answered {(int)response.StatusCode} at {target.Path}";
                return (int)response.StatusCode is >= 500 and not 501 and not 505 ? new ScrapeAnswer.Failed(reason) : new ScrapeAnswer.NoSuchPlace(reason);
            }

            var type = response.Content.Headers.ContentType?.ToString() ?? "";
            if (!type.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase) && !type.StartsWith("application/openmetrics-text", StringComparison.OrdinalIgnoreCase))
            {
                return new ScrapeAnswer.NoSuchPlace($"it answered \"{type}\" at {target.Path}, not figures");
            }

            return await ReadAsync(response, type, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ScrapeAnswer.Failed($"it did not answer within {_timeout.TotalSeconds:0.#} s");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or InvalidDataException)
        {
            return new ScrapeAnswer.Failed(error.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<ScrapeAnswer> ReadAsync(HttpResponseMessage response, string type, CancellationToken cancellation)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var body = new MemoryStream();
            var buffer = new byte[16 * 1024];
            while (await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var read)
            {
                if (body.Length + read > _bytesMax)
                {
                    return new ScrapeAnswer.Failed($"its answer is larger than {_bytesMax} bytes");
                }

                body.Write(buffer, 0, read);
            }

            return new ScrapeAnswer.Body(body.GetBuffer().AsMemory(0, (int)body.Length), type);
        }
    }
}
