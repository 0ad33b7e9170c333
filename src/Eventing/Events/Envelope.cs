using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Model.Failures;

namespace Slipway.Eventing.Events;

/// <summary>The shop's own way to write an event: id, type, payload, timestamp and metadata. It is the same event in other words.</summary>
internal static class Envelope
{
    private const string LongPrefix = "slipway.";
    private const string ShopPrefix = "slipway.retail.";

    /// <summary>The event, and the topic it belongs to.</summary>
    public static Outcome<(string Topic, CloudEvent Event)> Read(JsonElement envelope)
    {
        if (Text(envelope, "id") is not { Length: > 0 } id)
        {
            return Missing("id", "a unique text such as a UUID");
        }

        if (Text(envelope, "type") is not { Length: > 0 } type)
        {
            return Missing("type", "a text such as order.created");
        }

        if (!envelope.TryGetProperty("payload", out var payload) || payload.ValueKind != JsonValueKind.Object)
        {
            return Missing("payload", "an object");
        }

        if (Text(envelope, "timestamp") is not { Length: > 0 } timestamp)
        {
            return Missing("timestamp", "an instant such as 2026-01-31T12:00:00Z");
        }

        if (!envelope.TryGetProperty("metadata", out var metadata) || metadata.ValueKind != JsonValueKind.Object)
        {
            return Missing("metadata", "an object with correlationId and service");
        }

        if (Text(metadata, "correlationId") is not { Length: > 0 } correlation)
        {
            return Missing("metadata/correlationId", "a text");
        }

        if (Text(metadata, "service") is not { Length: > 0 } service)
        {
            return Missing("metadata/service", "the name of the service that tells this");
        }

        var whole = type.StartsWith(LongPrefix, StringComparison.Ordinal) ? type : $"{ShopPrefix}{type}.v1";
        var entity = Entity(whole);
        var attributes = new List<KeyValuePair<string, string>>
        {
            new("id", id), new("source", $"/retail/{service}"), new("type", whole), new("time", timestamp),
            new("datacontenttype", "application/json"), new("correlationid", correlation),
        };
        if (Subject(payload, entity) is { } subject)
        {
            attributes.Add(new("subject", subject));
        }

        if (Text(metadata, "userId") is { Length: > 0 } user)
        {
            attributes.Add(new("authtype", "user"));
            attributes.Add(new("authid", user));
        }

        var told = new CloudEvent(attributes, Encoding.UTF8.GetBytes(payload.GetRawText()));
        return AttributeRules.Check(told) is { } failure ? failure : (Text(envelope, "topic") is { Length: > 0 } topic ? topic : $"{entity}-events", told);
    }

    public static void Write(Utf8JsonWriter writer, string topic, CloudEvent told, DateTimeOffset appendedAt)
    {
        writer.WriteStartObject();
        writer.WriteString("topic", topic);
        writer.WriteString("id", told.Id);
        writer.WriteString("type", Short(told.Type));
        StructuredEvents.WriteData(writer, told, "payload");
        writer.WriteString("timestamp", told.Attribute("time") ?? appendedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        writer.WriteStartObject("metadata");
        writer.WriteString("correlationId", told.Attribute("correlationid") ?? told.Id);
        if (told.Attribute("authid") is { } user)
        {
            writer.WriteString("userId", user);
        }

        writer.WriteString("service", told.Source[(told.Source.LastIndexOf('/') + 1)..]);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary><c>slipway.retail.order.created.v1</c> is <c>order.created</c> to the shop.</summary>
    private static string Short(string type)
    {
        if (!type.StartsWith(ShopPrefix, StringComparison.Ordinal))
        {
            return type;
        }

        var bare = type[ShopPrefix.Length..];
        var version = bare.LastIndexOf(".v", StringComparison.Ordinal);
        return version > 0 && bare[(version + 2)..].All(char.IsAsciiDigit) ? bare[..version] : bare;
    }

    private static string Entity(string type)
    {
        var words = type.Split('.');
        return words.Length > 2 ? words[2] : words[^1];
    }

    private static string? Subject(JsonElement payload, string entity) =>
        Text(payload, $"{entity}Id") is { Length: > 0 } own ? own
        : Text(payload, "id") is { Length: > 0 } id ? id
        : Text(payload, "orderId") is { Length: > 0 } order ? order
        : Text(payload, "sku") is { Length: > 0 } sku ? sku
        : null;

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Failure Missing(string member, string needed) => new(FailureKind.Malformed, "envelope-malformed", $"{member} must be {needed}.")
    {
        Findings = [new Finding("required", $"Must be {needed}.", $"/{member}")],
    };
}
