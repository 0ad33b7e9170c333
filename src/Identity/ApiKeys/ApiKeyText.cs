using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Identity.ApiKeys;

/// <summary>
/// A key as its owner sees it once: <c>slp_{environment}_{id}_{secret}</c>. The environment tells a person where it works, the id finds
/// the row, and the secret is 256 random bits of which only a hash is kept.
/// </summary>
internal sealed partial record ApiKeyText(string Environment, string Id, string Secret)
{
    private const string Letters = "abcdefghijkmnopqrstuvwxyz23456789";
    private const int IdLength = 12;

    /// <summary>Of 33 letters each, 51 hold more than 256 bits.</summary>
    private const int SecretLength = 51;

    public static ApiKeyText New(string environment) =>
        new(environment, RandomNumberGenerator.GetString(Letters, IdLength), RandomNumberGenerator.GetString(Letters, SecretLength));

    public static ApiKeyText? Read(string? text)
    {
        if (text is null or { Length: > 120 } || Shape().Match(text) is not { Success: true } match)
        {
            return null;
        }

        return new ApiKeyText(match.Groups["environment"].Value, match.Groups["id"].Value, match.Groups["secret"].Value);
    }

    public static byte[] Hash(string id, string secret) => SHA256.HashData(Encoding.ASCII.GetBytes($"{id}:{secret}"));

    public byte[] Hash() => Hash(Id, Secret);

    public string Write() => $"slp_{Environment}_{Id}_{Secret}";

    /// <summary>The key itself never reaches a log through a careless placeholder.</summary>
    public override string ToString() => $"slp_{Environment}_{Id}_…";

    public static bool IsEnvironment(string text) => EnvironmentShape().IsMatch(text);

    [GeneratedRegex("^slp_(?<environment>[a-z0-9]{1,12})_(?<id>[a-km-z2-9]{12})_(?<secret>[a-km-z2-9]{51})$", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();

    [GeneratedRegex("^[a-z0-9]{1,12}$", RegexOptions.CultureInvariant)]
    private static partial Regex EnvironmentShape();
}
