using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;

namespace Slipway.Sdk.Telemetry;

/// <summary>Writes attributes as OTLP has them, scrubbed of secrets the way log lines are.</summary>
internal static class OtlpAttributes
{
    private const int TextMax = 16_384;
    private const int NamesMax = 1_000;

    /// <summary>Values the kit, the driver and the framework choose from a few: looking for secrets in them would only cost time.</summary>
    private static readonly FrozenSet<string> s_plain = new[]
    {
        "http.request.method", "http.route", "http.response.status_code", "error.type", "slipway.request_id", "network.protocol.version", "url.scheme", "server.address",
        "server.port", "peer.service", "db.system.name", "db.namespace", "db.npgsql.data_source", "db.npgsql.connection_id", "db.npgsql.prepared", "db.operation.name",
        "messaging.system", "messaging.destination.name", "messaging.operation.type", "messaging.operation.name", "messaging.message.id", "cloudevents.event_type", "exception.type",
    }.ToFrozenSet(StringComparer.Ordinal);

    // Names are the program's own words, so they are few; an endless number of them is only looked at anew each time.
    private static readonly ConcurrentDictionary<string, bool> s_secret = new(StringComparer.Ordinal);

    public static void Write(ProtobufWriter writer, int field, string name, object? value)
    {
        if (value is null)
        {
            return;
        }

        var mark = writer.Begin(field);
        writer.Text(1, name);
        var content = writer.Begin(2);
        if (s_plain.Contains(name))
        {
            Value(writer, value, scrub: false);
        }
        else if (IsSecret(name))
        {
            writer.Text(1, Redaction.Mark);
        }
        else
        {
            Value(writer, value, scrub: true);
        }

        writer.End(content);
        writer.End(mark);
    }

    public static string Clean(string text) => Cut(Redaction.Scrub(text));

    private static void Value(ProtobufWriter writer, object value, bool scrub)
    {
        switch (value)
        {
            case string text:
                writer.Text(1, scrub ? Clean(text) : Cut(text));
                break;
            case bool flag:
                writer.Whole(2, flag ? 1u : 0u);
                break;
            case int number:
                writer.Whole(3, (ulong)number);
                break;
            case long number:
                writer.Whole(3, (ulong)number);
                break;
            case double number:
                writer.Fixed(4, number);
                break;
            case float number:
                writer.Fixed(4, (double)number);
                break;
            case IEnumerable list:
                List(writer, list, scrub);
                break;
            default:
                writer.Text(1, Clean(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
                break;
        }
    }

    private static void List(ProtobufWriter writer, IEnumerable list, bool scrub)
    {
        var values = writer.Begin(5);
        foreach (var one in list.Cast<object?>().Take(128))
        {
            var mark = writer.Begin(1);
            if (one is not (null or (IEnumerable and not string)))
            {
                Value(writer, one, scrub);
            }

            writer.End(mark);
        }

        writer.End(values);
    }

    private static bool IsSecret(string name)
    {
        if (!s_secret.TryGetValue(name, out var secret))
        {
            secret = Redaction.IsSecret(name);
            if (s_secret.Count < NamesMax)
            {
                s_secret[name] = secret;
            }
        }

        return secret;
    }

    private static string Cut(string text) => text.Length <= TextMax ? text : text[..TextMax] + "…";
}
