using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Requests;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Health;

/// <summary>
/// <c>/live</c>: the process answers. <c>/ready</c>: it may receive work. <c>/health</c>: what it depends on, with details
/// for those who ask directly and not through the gateway.
/// </summary>
internal static class HealthEndpoints
{
    public static Task LiveAsync(HttpContext http) => WriteAsync(http, 200, "ok", null);

    public static async Task ReadyAsync(HttpContext http)
    {
        if (http.RequestServices.GetRequiredService<Drain>().HasBegun)
        {
            await WriteAsync(http, 503, "stopping", null);
            return;
        }

        var failed = (await http.RequestServices.GetRequiredService<HealthState>().ResultsAsync()).Where(result => result is { Critical: true, Failure: not null }).ToList();
        await WriteAsync(http, failed.Count == 0 ? 200 : 503, failed.Count == 0 ? "ready" : "notReady", json => WriteChecks(json, failed, http));
    }

    public static async Task HealthAsync(HttpContext http)
    {
        var results = await http.RequestServices.GetRequiredService<HealthState>().ResultsAsync();
        var failing = results.Any(result => result is { Critical: true, Failure: not null });
        var degraded = results.Any(result => result.Failure is not null);
        var status = failing ? "unhealthy" : degraded ? "degraded" : "healthy";
        await WriteAsync(http, failing ? 503 : 200, status, json => WriteChecks(json, results, http));
    }

    private static void WriteChecks(Utf8JsonWriter json, IReadOnlyList<CheckResult> results, HttpContext http)
    {
        if (ClientAddress.ThroughGateway(http))
        {
            return;
        }

        var identity = http.RequestServices.GetRequiredService<ServiceIdentity>();
        var uptime = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() - http.RequestServices.GetRequiredService<HealthState>().StartedAt;
        json.WriteString("service", identity.Name);
        json.WriteString("version", identity.Version);
        json.WriteString("revision", identity.Revision);
        json.WriteNumber("uptimeSeconds", (long)uptime.TotalSeconds);
        json.WriteStartArray("checks");
        foreach (var result in results)
        {
            json.WriteStartObject();
            json.WriteString("name", result.Name);
            json.WriteString("status", result.Failure is null ? "ok" : "failed");
            json.WriteNumber("latencyMs", Math.Round(result.LatencyMilliseconds, 1));
            json.WriteBoolean("critical", result.Critical);
            if (result.Failure is not null)
            {
                json.WriteString("detail", result.Failure);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static async Task WriteAsync(HttpContext http, int status, string word, Action<Utf8JsonWriter>? more)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("status", word);
            more?.Invoke(json);
            json.WriteEndObject();
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = buffer.WrittenCount;
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
    }
}
