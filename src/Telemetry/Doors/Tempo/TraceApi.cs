using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Telemetry.Otlp.Decoding;
using Slipway.Telemetry.Traces;
using Slipway.Telemetry.Traces.Figures;
using Slipway.Telemetry.Traces.Searching;

namespace Slipway.Telemetry.Doors.Tempo;

/// <summary>Traces in the plain form our command line and pages read: lists, waterfalls and the map of services.</summary>
internal static class TraceApi
{
    public static IEndpointRouteBuilder MapTraceApi(this IEndpointRouteBuilder routes, TraceStore traces, TimeProvider time)
    {
        routes.MapGet("/slipway/v1/traces", http => ListAsync(http, traces, time));
        routes.MapGet("/slipway/v1/traces/{id}", http => WaterfallAsync(http, traces));
        routes.MapGet("/slipway/v1/map", http => MapAsync(http, traces));
        return routes;
    }

    private static async Task ListAsync(HttpContext http, TraceStore traces, TimeProvider time)
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
                json.WriteStartObject();
                json.WriteString("traceId", match.Summary.TraceId);
                json.WriteString("service", match.Summary.RootService);
                json.WriteString("name", match.Summary.RootName);
                json.WriteString("startedAt", Instant(match.Summary.Start));
                json.WriteNumber("durationMs", Milliseconds(match.Summary.Nanoseconds));
                json.WriteNumber("spans", match.Summary.Spans);
                json.WriteNumber("errors", match.Summary.Errors);
                json.WriteStartArray("services");
                foreach (var service in match.Summary.Services)
                {
                    json.WriteStringValue(service);
                }

                json.WriteEndArray();
                json.WriteString("state", TempoAnswers.StateOf(match.State));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteBoolean("complete", matches.Complete);
            json.WriteEndObject();
        });
    }

    private static async Task WaterfallAsync(HttpContext http, TraceStore traces)
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

        var summary = TraceSummary.Of(found.Spans);
        await TempoAnswers.JsonAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteString("traceId", id);
            json.WriteString("state", TempoAnswers.StateOf(found.State));
            json.WriteString("service", summary.RootService);
            json.WriteString("name", summary.RootName);
            json.WriteString("startedAt", Instant(summary.Start));
            json.WriteNumber("durationMs", Milliseconds(summary.Nanoseconds));
            json.WriteNumber("errors", summary.Errors);
            json.WriteStartArray("spans");
            foreach (var row in Waterfall.Of(found.Spans))
            {
                Row(row, json);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void Row(WaterfallRow row, Utf8JsonWriter json)
    {
        var span = row.Span;
        json.WriteStartObject();
        json.WriteString("spanId", span.SpanId);
        if (span.ParentSpanId is not null)
        {
            json.WriteString("parentSpanId", span.ParentSpanId);
        }

        json.WriteBoolean("missingParent", row.MissingParent);
        json.WriteNumber("depth", row.Depth);
        json.WriteNumber("offsetMs", Milliseconds(row.Offset));
        json.WriteNumber("durationMs", Milliseconds(span.Nanoseconds));
        json.WriteNumber("selfMs", Milliseconds(row.Self));
        json.WriteString("service", span.Service);
        json.WriteString("name", span.Name);
        json.WriteString("kind", FieldCondition.NameOf(span.Kind));
        json.WriteString("status", FieldCondition.NameOf(span.Status));
        if (span.StatusMessage.Length > 0)
        {
            json.WriteString("statusMessage", span.StatusMessage);
        }

        TempoAnswers.Attributes(json, "attributes", span.Attributes);
        TempoAnswers.Attributes(json, "resource", span.Resource);
        json.WriteStartArray("events");
        foreach (var happened in span.Events)
        {
            json.WriteStartObject();
            json.WriteString("name", happened.Name);
            json.WriteNumber("offsetMs", Milliseconds(row.Offset + happened.Nanoseconds - span.Start));
            TempoAnswers.Attributes(json, "attributes", happened.Attributes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("links");
        foreach (var link in span.Links)
        {
            json.WriteStartObject();
            json.WriteString("traceId", link.TraceId);
            json.WriteString("spanId", link.SpanId);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static async Task MapAsync(HttpContext http, TraceStore traces)
    {
        var minutes = 15;
        if (http.Request.Query["minutes"].ToString() is { Length: > 0 } typed
            && (!int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out minutes) || minutes is < 1 or > ServiceFigures.MinutesMax))
        {
            await TempoAnswers.RefuseAsync(http, StatusCodes.Status400BadRequest, "bad-query", $"minutes: it must be a number from 1 to {ServiceFigures.MinutesMax}.");
            return;
        }

        var map = traces.Map(TimeSpan.FromMinutes(minutes));
        await TempoAnswers.JsonAsync(http, json =>
        {
            json.WriteStartObject();
            json.WriteString("from", map.From.UtcDateTime);
            json.WriteString("to", map.To.UtcDateTime);
            json.WriteStartArray("nodes");
            foreach (var node in map.Nodes)
            {
                json.WriteStartObject();
                json.WriteString("service", node.Service);
                json.WriteBoolean("external", node.External);
                Figures(json, node.Calls, node.Errors, node.P50Milliseconds, node.P95Milliseconds);
            }

            json.WriteEndArray();
            json.WriteStartArray("edges");
            foreach (var edge in map.Edges)
            {
                json.WriteStartObject();
                json.WriteString("from", edge.From);
                json.WriteString("to", edge.To);
                Figures(json, edge.Calls, edge.Errors, edge.P50Milliseconds, edge.P95Milliseconds);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void Figures(Utf8JsonWriter json, long calls, long errors, double p50, double p95)
    {
        json.WriteNumber("calls", calls);
        json.WriteNumber("errors", errors);
        json.WriteNumber("p50Ms", p50);
        json.WriteNumber("p95Ms", p95);
        json.WriteEndObject();
    }

    private static double Milliseconds(long nanoseconds) => Math.Round(nanoseconds / 1e6, 3);

    private static string Instant(long nanoseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
