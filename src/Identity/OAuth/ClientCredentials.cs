using System.Text;

namespace Slipway.Identity.OAuth;

/// <summary>How a client says who it is at the token endpoint: HTTP Basic, or two members of the form. Never both (RFC 6749, 2.3).</summary>
internal readonly record struct ClientCredentials(string Id, string? Secret)
{
    public static ClientCredentials? Read(string? authorization, string? formId, string? formSecret)
    {
        if (authorization is null)
        {
            return formId is { Length: > 0 } ? new ClientCredentials(formId, formSecret) : null;
        }

        const string Scheme = "Basic ";
        if (formSecret is not null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[512];
        if (!Convert.TryFromBase64String(authorization[Scheme.Length..].Trim(), bytes, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes[..length]);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            return null;
        }

        // The two halves are form-encoded inside the header, so that a colon may be part of either.
        var id = Uri.UnescapeDataString(text[..colon].Replace('+', ' '));
        return formId is null || formId == id ? new ClientCredentials(id, Uri.UnescapeDataString(text[(colon + 1)..].Replace('+', ' '))) : null;
    }
}
