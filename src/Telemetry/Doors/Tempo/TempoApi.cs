using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Telemetry.Otlp;
using Slipway.Telemetry.Otlp.Decoding;
using Slipway.Telemetry.Otlp.Json;
using Slipway.Telemetry.Otlp.Wire;
using Slipway.Telemetry.Traces;
using Slipway.Telemetry.Traces.Searching;

namespace Slipway.Telemetry.Doors.Tempo;

/// <summary>The questions Tempo answers, so that what knows Tempo can look at traces here; and the ones our own command line asks.</summary>
internal static class TempoApi
{
    private static readonly string[] s_intrinsics = ["duration", "kind", "name", "rootName", "rootServiceName", "status", "statusMessage", "traceDuration"];

    public static IEndpointRouteBuilder MapTempoApi(this IEndpointRouteBuilder routes, TraceStore traces, TimeProvider time)
    {
        routes.MapGet("/api/echo", http => TextAsync(http, "echo"));
        routes.MapGet("/api/status/buildinfo", http => BuildAsync(http));
        routes.MapGet("/api/traces/{id}", http => TraceAsync(http, traces, wrapped: false));
        routes.MapGet("/api/v2/traces/{id}", http => TraceAsync(http, traces, wrapped: true));
        routes.MapGet("/api/search", http => SearchAsync(http, traces, time));
        routes.MapGet("/api/search/tags", http => TagsAsync(http, traces));
        routes.MapGet("/api/v2/search/tags", http => ScopedTagsAsync(http, traces));
        routes.MapGet("/api/search/tag/{**tag}", http => ValuesAsync(http, traces, typed: false));
        routes.MapGet("/api/v2/search/tag/{**tag}", http => ValuesAsync(http, traces, typed: true));
        return routes.MapTraceApi(traces, time);
    }

    private static async Task TraceAsync(HttpContext http, TraceStore traces, bool wrapped)
    {
        var typed = http.Request.RouteValues["id"] as string ?? "";
        if (Ids.Trace(typed) is not { } id)
        {
            await TempoAnswers.RefuseAsync(http, StatusCodes.Status400BadRequest, "bad-trace-id", $"'{typed}' is no trace id: up to 32 hexadecimal digits, not all zeros.");
            return;
        }

        var found = traces.Find(id);
        if (found.Missing is not null)
        {
            await TempoAnswers.RefuseAsync(http, StatusCodes.Status404NotFound, found.Missing, TempoAnswers.MissingText(found.Missing));
            return;
        }

        var message = new ProtoWriter();
        var begun = wrapped ? message.Begin(1) : 0;
        OtlpEncoder.Spans(found.Spans.ToArray(), message);
        if (wrapped)
        {
            message.End(begun);
        }

        if (http.Request.Headers.Accept.Any(accept => accept?.Contains("protobuf", StringComparison.OrdinalIgnoreCase) is true))
        {
            http.Response.ContentType = "application/protobuf";
            await http.Response.Body.WriteAsync(message.ToArray(), http.RequestAborted);
            return;
        }

        var plain = new ProtoWriter();
        OtlpEncoder.Spans(found.Spans.ToArray(), plain);
        await TempoAnswers.JsonAsync(http, json =>
        {
            json.WriteStartObject();
            if (wrapped)
            {
                json.WritePropertyName("trace");
                JsonWriting.Write(plain.Written, OtlpShapes.Traces, json);
            }
            else
            {
                // What Tempo calls batches is what the protocol calls resourceSpans.
                TempoAnswers.Batches(plain.Written, json);
            }

            json.WriteEndObject();
        });
    }

    private static async Task SearchAsync(HttpContext http, TraceStore traces, TimeProvider time)
    {
        var search = SearchQuery.Read(http.Request.Query, time);
        if (search.Failure is { } failure)
        {
            await TempoAnswers.RefuseAsync(http, StatusCodes.Status400BadRequest, failure.Code, failure.Detail);
            return;
        }

        var matches = traces.Search(search.Value, http.RequestAborted);
        await TempoAnswers.JsonAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("traces");
            foreach (var match in matches.Traces)
            {
                TempoAnswers.Match(match, json);
            }

            json.WriteEndArray();
            json.WriteStartObject("metrics");
            json.WriteNumber("inspectedTraces", matches.Traces.Count);
            json.WriteString("inspectedBytes", matches.BytesRead.ToString(CultureInfo.InvariantCulture));
            json.WriteNumber("completedJobs", matches.BlocksRead);
            json.WriteNumber("totalBlocks", matches.BlocksRead + matches.BlocksSkipped);
            json.WriteBoolean("complete", matches.Complete);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private static Task TagsAsync(HttpContext http, TraceStore traces) => TempoAnswers.JsonAsync(http, json =>
    {
        json.WriteStartObject();
        Strings(json, "tagNames", traces.Tags.Names(resource: true).Union(traces.Tags.Names(resource: false)).Union(s_intrinsics).Order(StringComparer.Ordinal));
        json.WriteEndObject();
    });

    private static Task ScopedTagsAsync(HttpContext http, TraceStore traces)
    {
        var wanted = http.Request.Query["scope"].ToString();
        return TempoAnswers.JsonAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("scopes");
            foreach (var (scope, names) in new[] { ("resource", traces.Tags.Names(resource: true)), ("span", traces.Tags.Names(resource: false)), ("intrinsic", s_intrinsics) })
            {
                if (wanted is "" or "none" || wanted == scope)
                {
                    json.WriteStartObject();
                    json.WriteString("name", scope);
                    Strings(json, "tags", names);
                    json.WriteEndObject();
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static Task ValuesAsync(HttpContext http, TraceStore traces, bool typed)
    {
        // A tag may have slashes in its name, so the rest of the path is cut by hand.
        const string Ending = "/values";
        var tag = http.Request.RouteValues["tag"] as string ?? "";
        if (!tag.EndsWith(Ending, StringComparison.Ordinal))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        var name = tag[..^Ending.Length];
        return TempoAnswers.JsonAsync(http, json =>
        {
            json.WriteStartObject();
            if (typed)
            {
                json.WriteStartArray("tagValues");
                foreach (var value in traces.Tags.Values(name))
                {
                    json.WriteStartObject();
                    json.WriteString("type", name is "status" or "kind" ? "keyword" : "string");
                    json.WriteString("value", value);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }
            else
            {
                Strings(json, "tagValues", traces.Tags.Values(name));
            }

            json.WriteEndObject();
        });
    }

    private static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>The version is that of the Tempo whose questions are answered here: dashboards choose what they ask by it.</summary>
    private static Task BuildAsync(HttpContext http) => TempoAnswers.JsonAsync(http, json =>
    {
        json.WriteStartObject();
        json.WriteString("version", "2.6.0");
        json.WriteString("revision", "slipway");
        json.WriteEndObject();
    });

    private static Task TextAsync(HttpContext http, string text)
    {
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(text, http.RequestAborted);
    }
}
