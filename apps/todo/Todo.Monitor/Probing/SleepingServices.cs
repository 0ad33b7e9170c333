using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Todo.Monitor.Probing;

/// <summary>
/// Which services have no instance running, told by the platform's API, so that a check need not wake them. If the API does
/// not answer, nothing is known to sleep and everything is probed: a missed outage is worse than a woken service.
/// </summary>
internal sealed partial class SleepingServices(MonitorSettings settings, TimeProvider time, ILogger<SleepingServices> log) : IDisposable
{
    private const int BytesMax = 8 * 1024 * 1024;
    private const string ServiceLabel = "serving.knative.dev/service";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new(Wire(settings))
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = BytesMax,
    };

    public async Task<IReadOnlySet<string>> FindAsync(IReadOnlyList<Target> targets, CancellationToken cancellation)
    {
        if (settings.Wake || settings.PlatformUrl is null)
        {
            return new HashSet<string>();
        }

        using var limit = new CancellationTokenSource(s_limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(settings.PlatformUrl, $"/apis/serving.knative.dev/v1/namespaces/{Uri.EscapeDataString(settings.Namespace)}/revisions"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", settings.PlatformToken);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
            response.EnsureSuccessStatusCode();
            var known = Read(await response.Content.ReadAsByteArrayAsync(either.Token));
            return targets.Where(target => target.IsService && known.TryGetValue(target.Name, out var replicas) && replicas == 0).Select(target => target.Name).ToHashSet();
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or IOException || (exception is OperationCanceledException && limit.IsCancellationRequested))
        {
            NotTold(log, exception);
            return new HashSet<string>();
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Instances of each service over all its revisions.</summary>
    internal static Dictionary<string, int> Read(ReadOnlyMemory<byte> answer)
    {
        using var document = JsonDocument.Parse(answer);
        var replicas = new Dictionary<string, int>(StringComparer.Ordinal);
        if (Member(document.RootElement, "items") is not { ValueKind: JsonValueKind.Array } items)
        {
            return replicas;
        }

        foreach (var item in items.EnumerateArray())
        {
            if (Member(item, "metadata") is { } metadata && Member(metadata, "labels") is { } labels
                && Member(labels, ServiceLabel) is { ValueKind: JsonValueKind.String } service)
            {
                var actual = Member(item, "status") is { } status && Member(status, "actualReplicas") is { ValueKind: JsonValueKind.Number } number
                    && number.TryGetInt32(out var count) ? count : 0;
                replicas[service.GetString()!] = replicas.GetValueOrDefault(service.GetString()!) + actual;
            }
        }

        return replicas;
    }

    private static SocketsHttpHandler Wire(MonitorSettings settings)
    {
        var wire = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false };
        if (settings.PlatformAuthority is { } authority)
        {
            // The platform signs its own certificate; only that authority counts here, none of the machine's.
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(authority);
            wire.SslOptions.CertificateChainPolicy = policy;
        }

        return wire;
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The platform's API did not say what sleeps; everything is probed")]
    private static partial void NotTold(ILogger logger, Exception exception);
}
