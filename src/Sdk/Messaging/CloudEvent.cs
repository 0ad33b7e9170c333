using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Telemetry;

namespace Slipway.Sdk.Messaging;

/// <summary>An event as CloudEvents 1.0 writes it, with what the current request knows about who and why.</summary>
internal static class CloudEvent
{
    public const string MediaType = "application/cloudevents+json";

    public static string Write(Guid id, string source, OutgoingEvent told, string partitionKey, DateTimeOffset at)
    {
        var document = new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = id.ToString(),
            ["source"] = source,
            ["type"] = told.Type,
            ["subject"] = told.Subject,
            ["time"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["datacontenttype"] = "application/json",
            ["dataschema"] = $"/schemas/{told.Type}.json",
            ["partitionkey"] = partitionKey,
        };
        Add(document, "sequence", told.Sequence?.ToString("D10", CultureInfo.InvariantCulture));
        Add(document, "correlationid", CurrentRequest.CorrelationId);
        Add(document, "causationid", CurrentRequest.CausationId);
        Add(document, "traceparent", Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null);
        if (RequestScope.Current?.Caller is { } caller)
        {
            Add(document, "authtype", caller.Kind switch { CallerKind.User => "user", CallerKind.ApiKey => "api_key", _ => "service_account" });
            Add(document, "authid", caller.Subject);
        }

        Add(document, "dataclassification", told.DataClassification);
        document["data"] = told.Data.DeepClone();
        return document.ToJsonString();
    }

    private static void Add(JsonObject document, string name, string? value)
    {
        if (value is not null)
        {
            document[name] = value;
        }
    }
}
