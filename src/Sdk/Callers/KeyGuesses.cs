using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Requests;

namespace Slipway.Sdk.Callers;

/// <summary>
/// Every wrong API key costs the identity service a question, and its sender nothing. A network that sent sixty wrong ones
/// within a minute is therefore not believed for a while. Tokens are not counted: judging them costs nobody else anything.
/// </summary>
internal sealed class KeyGuesses(LimitBook limits)
{
    private static readonly Limit s_limit = new("apiKeyGuesses", 60, TimeSpan.FromMinutes(1), LimitBy.Network);

    /// <summary>Why no key of this network is looked at now, or null.</summary>
    public Problem? Refuse(HttpContext http)
    {
        if (limits.Off)
        {
            return null;
        }

        var permit = limits.Look(s_limit, NetworkOf(http));
        return permit.Granted ? null : LimitGate.Refusal(s_limit, permit);
    }

    public void Count(HttpContext http) => limits.Take(s_limit, NetworkOf(http));

    private static string NetworkOf(HttpContext http) => LimitGate.NetworkOf(ClientAddress.Of(http));
}
