namespace Slipway.Eventing.Events;

/// <summary>The content types that say how an event is written.</summary>
internal static class MediaTypes
{
    public const string Structured = "application/cloudevents+json";
    public const string Batch = "application/cloudevents-batch+json";

    public static bool Is(string? header, string type) => Bare(header).Equals(type, StringComparison.OrdinalIgnoreCase);

    public static bool IsCloudEvents(string? header) => Bare(header).StartsWith("application/cloudevents", StringComparison.OrdinalIgnoreCase);

    public static bool IsJson(string header)
    {
        var bare = Bare(header);
        return bare.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || bare.Equals("text/json", StringComparison.OrdinalIgnoreCase)
            || bare.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }

    private static ReadOnlySpan<char> Bare(string? header)
    {
        var text = header.AsSpan();
        var parameters = text.IndexOf(';');
        return (parameters < 0 ? text : text[..parameters]).Trim();
    }
}
