using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Settings;

namespace Retail.Sandbox.Endpoints;

/// <summary>The secret by which the bank knows the shop. It is no caller of the identity service: the bank is somebody else's.</summary>
internal sealed class ShopKey(byte[] key)
{
    public const string Why = "Asks for the bank's own key by itself.";

    public static ShopKey Read(ServiceSettings settings)
    {
        var text = settings.Text("PROVIDER_KEY");
        if (text is not { Length: >= 16 })
        {
            settings.Mistaken("PROVIDER_KEY is missing or shorter than 16 characters; it is what the shop proves itself with. Make one with: openssl rand -base64 32");
        }

        return new ShopKey(SHA256.HashData(Encoding.UTF8.GetBytes(text ?? "")));
    }

    /// <summary>Null when the request carries the key.</summary>
    public IResult? Refuse(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        return header.StartsWith("Bearer ", StringComparison.Ordinal)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[7..].Trim())), key)
                ? null
                : Problem.Unauthenticated("Send the bank's key: Authorization: Bearer PROVIDER_KEY.").ToResult();
    }
}
