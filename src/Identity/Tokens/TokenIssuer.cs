using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Identity.Tokens;

internal sealed class TokenIssuer(KeyRing keys, string issuer, TimeProvider time) : ITokenIssuer
{
    public string Issuer => issuer;

    public async ValueTask<IssuedToken> IssueAsync(TokenRequest request, CancellationToken cancellation)
    {
        if (request.Lifetime > TokenLifetimes.Longest)
        {
            // Keys are withdrawn after the longest lifetime; a token living longer would stop verifying without notice.
            throw new ArgumentException($"A token lives at most {TokenLifetimes.Longest}.", nameof(request));
        }

        // Whole seconds, because iat and exp are: the difference of the two must be exactly the lifetime.
        var issuedAt = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        var id = Guid.CreateVersion7(issuedAt);
        var expiresAt = issuedAt + request.Lifetime;
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            TokenClaims.Write(writer, request, issuer, id, issuedAt, expiresAt);
        }

        return new IssuedToken(await SealAsync(buffer.WrittenMemory, request.Type, cancellation), id, expiresAt, request.Lifetime);
    }

    public ValueTask<string> SignAsync(JsonObject claims, string type, CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            claims.WriteTo(writer);
        }

        return SealAsync(buffer.WrittenMemory, type, cancellation);
    }

    private async ValueTask<string> SealAsync(ReadOnlyMemory<byte> payload, string type, CancellationToken cancellation)
    {
        var signer = await keys.SignerAsync(cancellation);
        var header = $$"""{"alg":"ES256","kid":"{{signer.Kid}}","typ":"{{type}}"}""";
        var text = $"{Base64Url.EncodeToString(Encoding.ASCII.GetBytes(header))}.{Base64Url.EncodeToString(payload.Span)}";
        return $"{text}.{Base64Url.EncodeToString(signer.Sign(Encoding.ASCII.GetBytes(text)))}";
    }
}

public static class TokenLifetimes
{
    /// <summary>Tokens of the retail surface live exactly a day; nothing lives longer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(86_400);

    /// <summary>Clocks of verifiers may be this far behind.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(60);
}
