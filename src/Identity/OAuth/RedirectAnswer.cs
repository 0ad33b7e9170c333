using Microsoft.AspNetCore.WebUtilities;

namespace Slipway.Identity.OAuth;

/// <summary>Addresses a browser is sent to with the answer for the client. The issuer is part of it (RFC 9207), against mixing servers up.</summary>
internal static class RedirectAnswer
{
    public static string WithCode(string redirectUri, string code, string? state, string issuer) =>
        Build(redirectUri, issuer, state, ("code", code));

    public static string WithError(string redirectUri, string error, string detail, string? state, string issuer) =>
        Build(redirectUri, issuer, state, ("error", error), ("error_description", Plain(detail)));

    private static string Build(string redirectUri, string issuer, string? state, params ReadOnlySpan<(string Name, string Value)> members)
    {
        var address = redirectUri;
        foreach (var (name, value) in members)
        {
            address = QueryHelpers.AddQueryString(address, name, value);
        }

        address = state is null ? address : QueryHelpers.AddQueryString(address, "state", state);
        return QueryHelpers.AddQueryString(address, "iss", issuer);
    }

    /// <summary>RFC 6749 allows printable ASCII without quotes and backslashes here, and some clients insist.</summary>
    private static string Plain(string detail) =>
        string.Concat(detail.Select(letter => letter is >= ' ' and <= '~' and not ('"' or '\\') ? letter : '?'));
}
