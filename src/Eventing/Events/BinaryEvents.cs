using Microsoft.AspNetCore.Http;
using Slipway.Model.Failures;

namespace Slipway.Eventing.Events;

/// <summary>Events whose attributes are headers and whose data is the body.</summary>
internal static class BinaryEvents
{
    private const string Prefix = "ce-";

    public static bool Are(IHeaderDictionary headers) => headers.ContainsKey("ce-specversion") || headers.ContainsKey("ce-id") || headers.ContainsKey("ce-type");

    public static Outcome<CloudEvent> Read(IHeaderDictionary headers, string? contentType, ReadOnlyMemory<byte> body) =>
        Read(headers.Select(header => KeyValuePair.Create(header.Key, header.Value.ToString())), contentType, body);

    public static Outcome<CloudEvent> Read(IEnumerable<KeyValuePair<string, string>> headers, string? contentType, ReadOnlyMemory<byte> body)
    {
        var attributes = new List<KeyValuePair<string, string>>(16);
        string? version = null;
        foreach (var (header, text) in headers)
        {
            if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var name = header[Prefix.Length..].ToLowerInvariant();
            if (HeaderText.Decode(text) is not { } value)
            {
                return AttributeRules.Wrong(name, "must be ASCII, with everything else percent-encoded as UTF-8");
            }

            if (name == "specversion")
            {
                version = value;
            }
            else if (name is "data" or "datacontenttype")
            {
                return AttributeRules.Wrong(name, "is no header of its own: data is the body, and Content-Type says what it is");
            }
            else
            {
                attributes.Add(new(name, value));
            }
        }

        if (version != "1.0")
        {
            return AttributeRules.Wrong("specversion", "must be 1.0 (header ce-specversion)");
        }

        if (!string.IsNullOrEmpty(contentType))
        {
            attributes.Add(new("datacontenttype", contentType));
        }

        var read = new CloudEvent(attributes, body.IsEmpty ? default(ReadOnlyMemory<byte>?) : body);
        return AttributeRules.Check(read) is { } failure ? failure : read;
    }

    /// <summary>The headers of an event but for its content type.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Headers(CloudEvent told)
    {
        yield return new("ce-specversion", "1.0");
        foreach (var (name, value) in told.Attributes)
        {
            if (name != "datacontenttype")
            {
                yield return new(Prefix + name, HeaderText.Encode(value));
            }
        }
    }
}
