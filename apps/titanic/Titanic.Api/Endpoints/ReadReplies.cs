using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Caching;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Replies;
using Slipway.Sdk.Requests;
using Titanic.Api.People;

namespace Titanic.Api.Endpoints;

/// <summary>Finished answers to reads.</summary>
internal static class ReadReplies
{
    /// <summary>Whoever keeps an answer asks each time whether it is still the newest, which costs next to nothing.</summary>
    private const string Revalidate = "no-cache";

    /// <summary>The same address is another list for another tenant.</summary>
    private static readonly KeyValuePair<string, string> s_vary = new("Vary", Tenants.Tenants.HeaderName);

    public static MadeReply Refused(Problem problem) => new(Reply.Of(problem), []);

    /// <summary>Something that has a version of its own.</summary>
    public static MadeReply Of(Reply reply, params string[] tags) => new(reply.With("Cache-Control", Revalidate).With(s_vary.Key, s_vary.Value), tags);

    /// <summary>Something that has no version but its content.</summary>
    public static MadeReply Hashed<T>(int expected, T state, Action<Utf8JsonWriter, T> write, IReadOnlyList<KeyValuePair<string, string>> headers, params string[] tags)
    {
        var bytes = PersonJson.Bytes(expected, state, write);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes.Span, hash);
        var etag = $"\"{Convert.ToHexStringLower(hash[..16])}\"";
        return new MadeReply(
            new Reply(200, [new("Content-Type", PersonJson.MediaType), new("ETag", etag), new("Cache-Control", Revalidate), s_vary, .. headers], bytes), tags);
    }

    /// <summary>Nobody gets sent what they have already.</summary>
    public static Reply Conditional(HttpContext http, Reply reply)
    {
        var etag = reply.Headers.FirstOrDefault(header => header.Key == "ETag").Value;
        return etag is not null && reply.Status == 200 && Versions.NotModified(http.Request, etag)
            ? new Reply(304, [.. reply.Headers.Where(header => header.Key is not "Content-Type")], default)
            : reply;
    }
}
