using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Slipway.Sdk.Callers;

/// <summary>A token in compact form taken apart, before anything in it is believed.</summary>
internal sealed class TokenParts
{
    public const int CharactersMax = 8 * 1024;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    private TokenParts(byte[] signed, byte[] signature, JsonElement header, JsonElement claims) =>
        (Signed, Signature, Header, Claims) = (signed, signature, header, claims);

    public byte[] Signed { get; }

    public byte[] Signature { get; }

    public JsonElement Header { get; }

    public JsonElement Claims { get; }

    public static TokenParts? Of(string token)
    {
        if (token.Length > CharactersMax || !Ascii.IsValid(token))
        {
            return null;
        }

        var first = token.IndexOf('.');
        var last = token.LastIndexOf('.');
        if (first <= 0 || last <= first + 1 || last == token.Length - 1 || token.AsSpan(first + 1, last - first - 1).Contains('.'))
        {
            return null;
        }

        if (Object(token.AsSpan(0, first)) is not { } header
            || Object(token.AsSpan(first + 1, last - first - 1)) is not { } claims
            || Bytes(token.AsSpan(last + 1)) is not { } signature)
        {
            return null;
        }

        return new TokenParts(Encoding.ASCII.GetBytes(token[..last]), signature, header, claims);
    }

    private static JsonElement? Object(ReadOnlySpan<char> part)
    {
        if (Bytes(part) is not { } bytes)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(bytes, s_options);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Strictly what RFC 7515 allows: no padding, no blanks, no stray bits at the end, so one token has one spelling only.</summary>
    private static byte[]? Bytes(ReadOnlySpan<char> part)
    {
        if (part.IsEmpty || part.ContainsAny("= \t\r\n") || !Base64Url.IsValid(part))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(part);
        return part.SequenceEqual(Base64Url.EncodeToString(bytes)) ? bytes : null;
    }
}
