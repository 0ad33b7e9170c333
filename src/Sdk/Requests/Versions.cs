using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Requests;

/// <summary>Row versions on the wire: strong entity tags, and the conditions clients send with them.</summary>
public static class Versions
{
    public static string ETag(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>428 if the caller did not say which version it changes, 412 if that is not the current one.</summary>
    public static Problem? RequireMatch(HttpRequest request, long current)
    {
        var header = request.Headers.IfMatch;
        if (header.Count == 0)
        {
            return new Problem(428, "versionRequired", "Say which version you change", "Send If-Match with the ETag of the version you have read.")
            {
                Errors = [new Finding("required", "If-Match is required.") { Header = "If-Match" }],
            };
        }

        var tag = ETag(current);
        return Contains(header, tag, weak: false)
            ? null
            : new Problem(412, "versionMismatch", "Changed meanwhile", "Somebody changed this since you read it. Read it again and repeat your change.")
            {
                Headers = [new("ETag", tag)],
            };
    }

    /// <summary>The reader has this version already and gets a 304.</summary>
    public static bool NotModified(HttpRequest request, string etag) => Contains(request.Headers.IfNoneMatch, etag, weak: true);

    private static bool Contains(Microsoft.Extensions.Primitives.StringValues header, string etag, bool weak)
    {
        foreach (var line in header)
        {
            foreach (var item in (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var tag = weak && item.StartsWith("W/", StringComparison.Ordinal) ? item[2..] : item;
                if (tag == "*" || tag == etag)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
