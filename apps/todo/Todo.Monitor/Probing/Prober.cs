using System.Net.Sockets;

namespace Todo.Monitor.Probing;

/// <summary>
/// Looks at every target at once, each with its own time limit and exactly one attempt: whoever watches must see the failure
/// that a retry would hide.
/// </summary>
internal sealed class Prober(MonitorSettings settings, SleepingServices sleeping, TimeProvider time) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<IReadOnlyList<ProbeResult>> ProbeAllAsync(CancellationToken cancellation)
    {
        var asleep = await sleeping.FindAsync(settings.Targets, cancellation);
        return await Task.WhenAll(settings.Targets.Select(target =>
            asleep.Contains(target.Name) ? Task.FromResult(new ProbeResult(target.Name, target.Url, "idle", null, null)) : ProbeAsync(target, cancellation)));
    }

    public void Dispose() => _http.Dispose();

    private async Task<ProbeResult> ProbeAsync(Target target, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(settings.ProbeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, target.Dial);
        request.Headers.Host = target.Host;
        request.Headers.UserAgent.ParseAdd("slipway-todo-monitor");
        var began = time.GetTimestamp();
        try
        {
            // The head tells; a body may be long and is nobody's here.
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var latency = (int)Math.Round(time.GetElapsedTime(began).TotalMilliseconds);
            return (int)response.StatusCode is >= 200 and < 400
                ? new(target.Name, target.Url, "up", latency, null)
                : new(target.Name, target.Url, "down", latency, $"status {(int)response.StatusCode}");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new(target.Name, target.Url, "down", null, $"no answer within {settings.ProbeTimeout.TotalSeconds:0.##} s");
        }
        catch (HttpRequestException exception)
        {
            return new(target.Name, target.Url, "down", null, Why(exception));
        }
        catch (IOException)
        {
            return new(target.Name, target.Url, "down", null, "the connection broke");
        }
    }

    /// <summary>These words are public, so they say what happened and not where.</summary>
    private static string Why(HttpRequestException exception) => exception switch
    {
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "the connection was refused",
        { HttpRequestError: HttpRequestError.NameResolutionError } => "its name is not known",
        { HttpRequestError: HttpRequestError.SecureConnectionError } => "no secure connection",
        { HttpRequestError: HttpRequestError.InvalidResponse } => "its answer is no HTTP",
        { HttpRequestError: HttpRequestError.ConnectionError } => "no connection",
        _ => "the connection broke",
    };
}
