using Slipway.Sdk.Service;

namespace Slipway.Identity;

/// <summary>
/// Where OAuth, the second factor, API keys, privacy, administration and passkeys join. Accounts and sign-ins work without them and
/// know only the interface <c>ISecondFactor</c>.
/// </summary>
internal static partial class FurtherParts
{
    public static void AddTo(SlipwayService service, IdentitySettings settings) => Add(service, settings);

    public static void MapTo(WebApplication app) => Map(app);

    static partial void Add(SlipwayService service, IdentitySettings settings);

    static partial void Map(WebApplication app);
}
