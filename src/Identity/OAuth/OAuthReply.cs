using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Slipway.Identity.OAuth;

/// <summary>
/// Answers of the token endpoints. Their shape is the standard's (RFC 6749, section 5), not the problem document of all other calls,
/// because that is what the clients' libraries read.
/// </summary>
internal sealed class OAuthReply : IResult
{
    private readonly int _status;
    private readonly byte[] _body;
    private readonly string? _challenge;

    private OAuthReply(int status, byte[] body, string? challenge = null) =>
        (_status, _body, _challenge) = (status, body, challenge);

    public static OAuthReply Ok<T>(T body, JsonTypeInfo<T> type) => new(200, JsonSerializer.SerializeToUtf8Bytes(body, type));

    public static OAuthReply Empty() => new(200, []);

    public static OAuthReply Error(string error, string detail, int status = 400) =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(new OAuthError(error, detail), OAuthJson.Default.OAuthError));

    /// <summary>The client is unknown or cannot prove that it is who it says.</summary>
    public static OAuthReply InvalidClient() => new(
        401,
        JsonSerializer.SerializeToUtf8Bytes(new OAuthError("invalid_client", "The client is unknown or its secret is wrong."), OAuthJson.Default.OAuthError),
        "Basic realm=\"token\", charset=\"UTF-8\"");

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = _status;
        response.Headers.CacheControl = "no-store";
        response.Headers.Pragma = "no-cache";
        if (_challenge is not null)
        {
            response.Headers.WWWAuthenticate = _challenge;
        }

        response.ContentLength = _body.Length;
        if (_body.Length > 0)
        {
            response.ContentType = "application/json; charset=utf-8";
            await response.Body.WriteAsync(_body, httpContext.RequestAborted);
        }
    }
}
