using System.Text;
using Slipway.Gateway.Messages;

namespace Slipway.Gateway.Forwarding;

/// <summary>The head a client receives: the instance's own, without the fields of its hop, with those the gateway owes.</summary>
internal static class ResponseHeadWriter
{
    public static void Write(OutBuffer to, ResponseHead response, RequestIdentity identity, in AnswerTraits traits)
    {
        to.Write("HTTP/1.1 "u8);
        to.Write(response.StatusAndReason);
        to.Write("\r\n"u8);
        var keepsPrivate = true;
        var cookie = response.SetsCookie || traits.AddedFields.Contains("Set-Cookie:", StringComparison.Ordinal);
        foreach (ref readonly var field in response.Fields)
        {
            var name = response.NameOf(field);
            switch (field.Kind)
            {
                case FieldKind.Plain:
                    if (response.HasConnectionOptions && response.IsConnectionOption(name))
                    {
                        continue;
                    }

                    break;
                case FieldKind.SetCookie or FieldKind.ContentLength or FieldKind.ServerTiming:
                    break;
                case FieldKind.CacheControl:
                    // A cookie must not reach anyone else through a shared cache, whatever the instance thinks of caching.
                    if (cookie && !IsPrivate(response.ValueOf(field)))
                    {
                        continue;
                    }

                    keepsPrivate = false;
                    break;
                case FieldKind.TransferEncoding when traits.Chunked:
                    break;
                default:
                    continue;
            }

            if (traits.Removed is not null && traits.Removed.Contains(Encoding.Latin1.GetString(name).ToLowerInvariant()))
            {
                continue;
            }

            to.Write(name);
            to.Write(": "u8);
            to.Write(response.ValueOf(field));
            to.Write("\r\n"u8);
        }

        if (cookie && keepsPrivate)
        {
            to.Write("Cache-Control: private\r\n"u8);
        }

        to.Write("X-Request-Id: "u8);
        to.Write(identity.RequestId);
        to.Write("\r\nServer-Timing: "u8);
        WriteTimings(to, traits);
        to.Write(traits.AddedFields);
        to.Write(traits.Close ? "\r\nConnection: close\r\n\r\n"u8 : traits.KeepAlive10 ? "\r\nConnection: keep-alive\r\n\r\n"u8 : "\r\n\r\n"u8);
    }

    /// <summary>100 Continue, 103 Early Hints and other interim answers pass as they are.</summary>
    public static void WriteInterim(OutBuffer to, ResponseHead response)
    {
        to.Write("HTTP/1.1 "u8);
        to.Write(response.StatusAndReason);
        to.Write("\r\n"u8);
        foreach (ref readonly var field in response.Fields)
        {
            if (field.Kind == FieldKind.Plain)
            {
                to.Write(response.NameOf(field));
                to.Write(": "u8);
                to.Write(response.ValueOf(field));
                to.Write("\r\n"u8);
            }
        }

        to.Write("\r\n"u8);
    }

    /// <summary>101: from here on the bytes belong to another protocol.</summary>
    public static void WriteUpgrade(OutBuffer to, ResponseHead response, RequestIdentity identity)
    {
        to.Write("HTTP/1.1 "u8);
        to.Write(response.StatusAndReason);
        to.Write("\r\nConnection: Upgrade\r\n"u8);
        foreach (ref readonly var field in response.Fields)
        {
            if (field.Kind is FieldKind.Plain or FieldKind.Upgrade or FieldKind.SetCookie)
            {
                to.Write(response.NameOf(field));
                to.Write(": "u8);
                to.Write(response.ValueOf(field));
                to.Write("\r\n"u8);
            }
        }

        to.Write("X-Request-Id: "u8);
        to.Write(identity.RequestId);
        to.Write("\r\n\r\n"u8);
    }

    private static void WriteTimings(OutBuffer to, in AnswerTraits traits)
    {
        if (traits.QueueSeconds > 0)
        {
            to.Write(traits.Woken ? "wake;dur="u8 : "queue;dur="u8);
            to.WriteMilliseconds(traits.QueueSeconds * 1000);
            to.Write(", "u8);
        }

        to.Write("app;dur="u8);
        to.WriteMilliseconds(traits.AppSeconds * 1000);
    }

    private static bool IsPrivate(ReadOnlySpan<byte> value) =>
        MessageHead.ListContains(value, "private"u8) || MessageHead.ListContains(value, "no-store"u8);
}

/// <summary>What the gateway adds to an answer.</summary>
internal readonly struct AnswerTraits
{
    public required bool Chunked { get; init; }

    public required bool Close { get; init; }

    public required bool KeepAlive10 { get; init; }

    public required double AppSeconds { get; init; }

    public required double QueueSeconds { get; init; }

    /// <summary>The wait was for an instance to start, not for a place in one.</summary>
    public required bool Woken { get; init; }

    /// <summary>Complete header lines, each <b>preceded</b> by CRLF.</summary>
    public required string AddedFields { get; init; }

    /// <summary>Lower-case names of the instance's own fields that do not go on.</summary>
    public HashSet<string>? Removed { get; init; }
}
