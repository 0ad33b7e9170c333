using System.Text;
using Slipway.Eventing.Events;

namespace Slipway.Eventing.Tests.Hosting;

/// <summary>Events for tests.</summary>
internal static class Tell
{
    public static CloudEvent Event(string id, string? subject = null, string type = "slipway.test.thing.done.v1", string? data = "{}", params (string Name, string Value)[] more)
    {
        var attributes = new List<KeyValuePair<string, string>> { new("id", id), new("source", "/test"), new("type", type) };
        if (subject is not null)
        {
            attributes.Add(new("subject", subject));
        }

        attributes.AddRange(more.Select(attribute => KeyValuePair.Create(attribute.Name, attribute.Value)));
        return new CloudEvent(attributes, data is null ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(data)));
    }

    public static string Text(this CloudEvent told) => told.Data is { } data ? Encoding.UTF8.GetString(data.Span) : "";
}
