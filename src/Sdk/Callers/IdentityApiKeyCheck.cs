using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Callers;

/// <summary>Asks the identity service whose key it is, and believes the answer for a minute: a withdrawn key works that much longer.</summary>
internal sealed class IdentityApiKeyCheck(IdentityConnection identity, TimeProvider time) : IApiKeyCheck
{
    private static readonly TimeSpan s_kept = TimeSpan.FromSeconds(60);

    private readonly VerifiedTokens _checked = new();

    public async ValueTask<Outcome<Caller>> CheckAsync(string key, CancellationToken cancellation)
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        if (_checked.Find(hash, time.GetUtcNow()) is { } known)
        {
            return known;
        }

        try
        {
            var question = Encoding.UTF8.GetBytes(new JsonObject { ["key"] = key }.ToJsonString());
            var (status, body) = await identity.PostAsync("/api/v1/api-keys/check", question, cancellation);
            if (status == HttpStatusCode.OK && Read(body) is { } caller)
            {
                _checked.Remember(hash, caller, time.GetUtcNow() + s_kept);
                return caller;
            }

            return status is HttpStatusCode.Unauthorized or HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity
                ? Problem.Unauthenticated("The API key is not valid.") with { Code = "invalidApiKey" }
                : Unavailable();
        }
        catch (Exception exception) when (exception is HttpRequestException or ProblemException || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return Unavailable();
        }
    }

    private static Caller? Read(byte[] body)
    {
        try
        {
            using var claims = JsonDocument.Parse(body);
            return claims.RootElement.ValueKind == JsonValueKind.Object && TokenClaims.ToCaller(claims.RootElement) is { Subject.Length: > 0 } caller
                ? caller with { Kind = CallerKind.ApiKey }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Problem Unavailable() =>
        Problem.Unavailable("identityUnavailable", "API keys cannot be checked now: the identity service does not answer.", TimeSpan.FromSeconds(10));
}
