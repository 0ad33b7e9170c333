using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Slipway.Identity.OAuth;

/// <summary>The form of a call by a client: small, read once, and with every member at most once (RFC 6749, section 3.2).</summary>
internal sealed class TokenForm
{
    private const int BytesMax = 16 * 1024;

    private readonly Dictionary<string, StringValues> _members;

    private TokenForm(Dictionary<string, StringValues> members) => _members = members;

    public string? this[string name] => _members.TryGetValue(name, out var values) && values is [{ Length: > 0 } value] ? value : null;

    /// <summary>Null when the body is no form, is too large, or names something twice.</summary>
    public static async ValueTask<TokenForm?> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!(request.ContentType ?? "").StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) || request.ContentLength > BytesMax)
        {
            return null;
        }

        var buffer = new byte[BytesMax + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return length > BytesMax ? null : Parse(Encoding.UTF8.GetString(buffer, 0, length));
    }

    public static TokenForm? Parse(string text)
    {
        var members = QueryHelpers.ParseQuery(text);
        return members.Count <= 50 && members.Values.All(values => values.Count == 1) ? new TokenForm(members) : null;
    }
}
