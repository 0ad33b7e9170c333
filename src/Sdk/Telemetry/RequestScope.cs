using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Telemetry;

/// <summary>
/// What is known about the request that the current flow of work belongs to; logs and outgoing calls take it along. Work
/// that outlives its request still has it, so it lets go of the context, which the server uses again for another request.
/// </summary>
internal sealed class RequestScope(HttpContext http, string requestId, string correlationId)
{
    private const string Unmatched = "unmatched";

    private static readonly AsyncLocal<RequestScope?> s_current = new();

    private readonly Lock _gate = new();
    private HttpContext? _http = http;
    private Caller? _caller;
    private string _route = Unmatched;
    private List<(string Name, double Milliseconds)>? _timings;

    public static RequestScope? Current
    {
        get => s_current.Value;
        set => s_current.Value = value;
    }

    public string RequestId { get; } = requestId;

    public string CorrelationId { get; set; } = correlationId;

    /// <summary>What made this happen: the request itself unless it brought an event.</summary>
    public string CausationId { get; set; } = requestId;

    public string Method { get; } = http.Request.Method;

    public Caller? Caller => _http is { } http ? http.CallerOrNull() : _caller;

    /// <summary>Null unless the sender said how long it waits.</summary>
    public RequestDeadline? Deadline { get; set; }

    /// <summary>The template, never the path: paths hold ids and would make figures without end.</summary>
    public string Route => _http is { } http ? (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? Unmatched : _route;

    /// <summary>The request is over.</summary>
    public void Close()
    {
        (_route, _caller) = (Route, Caller);
        _http = null;
    }

    public void AddTiming(string name, TimeSpan duration)
    {
        lock (_gate)
        {
            _timings ??= [];
            var at = _timings.FindIndex(timing => timing.Name == name);
            if (at < 0)
            {
                _timings.Add((name, duration.TotalMilliseconds));
            }
            else
            {
                _timings[at] = (name, _timings[at].Milliseconds + duration.TotalMilliseconds);
            }
        }
    }

    /// <summary>The value of Server-Timing.</summary>
    public string Timings(TimeSpan app)
    {
        if (_timings is null)
        {
            return string.Create(CultureInfo.InvariantCulture, $"app;dur={app.TotalMilliseconds:0.#}");
        }

        lock (_gate)
        {
            var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"app;dur={app.TotalMilliseconds:0.#}");
            foreach (var (name, milliseconds) in _timings)
            {
                text.Append(CultureInfo.InvariantCulture, $", {name};dur={milliseconds:0.#}");
            }

            return text.ToString();
        }
    }
}
