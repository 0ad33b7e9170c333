using System.Security.Cryptography;
using System.Text;
using Slipway.Registry.Distribution;

namespace Slipway.Server.Joints;

/// <summary>The registry knows the administrator: any name with the token of this installation may do everything.</summary>
internal static class RegistryCredentials
{
    public static VerifyRegistryCredential Of(string token)
    {
        var expected = Encoding.UTF8.GetBytes(token);
        var administrator = new RegistryCaller("admin", (_, _) => true);
        return (_, secret, _) => ValueTask.FromResult(
            CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secret), expected) ? administrator : null);
    }
}
