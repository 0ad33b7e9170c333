using System.Collections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Slipway.Sdk.Telemetry;

/// <summary>One line per request, written when it is over.</summary>
internal static class AccessLog
{
    private static readonly EventId s_event = new(1, "http.request");

    public static void Write(ILogger log, HttpContext http, TimeSpan duration)
    {
        if (log.IsEnabled(LogLevel.Information))
        {
            log.Log(LogLevel.Information, s_event, new Entry(http.Response.StatusCode, duration.TotalMilliseconds), null, static (_, _) => "request");
        }
    }

    private readonly struct Entry(int status, double milliseconds) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => 2;

        public KeyValuePair<string, object?> this[int index] =>
            index == 0 ? new("http.response.status_code", status) : new("duration_ms", milliseconds);

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            yield return this[0];
            yield return this[1];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
