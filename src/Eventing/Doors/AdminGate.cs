using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Model.Failures;

namespace Slipway.Eventing.Doors;

/// <summary>Who may look into topics and change where they are: whoever has the installation's admin token.</summary>
internal sealed class AdminGate(string token)
{
    private const string Scheme = "Bearer ";

    private readonly byte[] _digest = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public RequestDelegate Guard(RequestDelegate next) => http =>
    {
        var header = http.Request.Headers.Authorization.ToString();
        var given = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : "";

        // Digests have one length, so neither content nor length of the token shows in the time this takes.
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), _digest)
            ? next(http)
            : Answers.ProblemAsync(http, new Failure(FailureKind.Forbidden, "unauthenticated", "Send the installation's admin token as Authorization: Bearer …"));
    };
}
