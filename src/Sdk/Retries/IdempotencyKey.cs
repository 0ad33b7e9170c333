using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Retries;

/// <summary>What a stored reply is found by: the key within caller, method and address, so that nobody meets another's reply.</summary>
internal sealed record IdempotencyKey(byte[] Scope)
{
    public const string HeaderName = "Idempotency-Key";

    private const int LengthMin = 8;
    private const int LengthMax = 255;

    /// <summary>Names the transaction that works on this key right now, for as long as it lives.</summary>
    public long Lock => BinaryPrimitives.ReadInt64LittleEndian(Scope);

    /// <summary>Null without the header.</summary>
    public static Outcome<IdempotencyKey?> Read(HttpContext http, bool required)
    {
        var header = http.Request.Headers[HeaderName];
        if (header.Count == 0)
        {
            return required
                ? Wrong("idempotencyKeyRequired", "This call needs an Idempotency-Key header, a new UUID per intended change, so that it can be repeated safely.")
                : (Outcome<IdempotencyKey?>)(IdempotencyKey?)null;
        }

        if (header is not [{ Length: >= LengthMin and <= LengthMax } key] || key.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return Wrong("idempotencyKeyMalformed", $"Send one Idempotency-Key of {LengthMin} to {LengthMax} visible characters; a UUID is best.");
        }

        var caller = http.CallerOrNull();
        var scope = string.Join('\n', caller?.Kind.ToString(), caller?.Subject, http.Request.Method, http.Request.PathBase + http.Request.Path, key);
        return new IdempotencyKey(SHA256.HashData(Encoding.UTF8.GetBytes(scope)));
    }

    private static Problem Wrong(string code, string detail) => new(400, code, "The Idempotency-Key is not usable", detail)
    {
        Errors = [new Finding(code, detail) { Header = HeaderName }],
    };
}
