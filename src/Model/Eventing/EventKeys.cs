using System.Security.Cryptography;
using System.Text;

namespace Slipway.Model.Eventing;

/// <summary>
/// The keys events are signed with. Each service has one of its own, derived from the installation's key, so that nothing
/// has to be kept and one service cannot speak for another.
/// </summary>
public static class EventKeys
{
    public const string AddressVariable = "SLIPWAY_EVENTS";

    /// <summary>Base64 of the service's key.</summary>
    public const string KeyVariable = "SLIPWAY_EVENTS_KEY";

    public static byte[] Of(ReadOnlySpan<byte> platformKey, string @namespace, string service) =>
        HMACSHA256.HashData(platformKey, Encoding.UTF8.GetBytes($"slipway events\n{@namespace}/{service}"));
}
