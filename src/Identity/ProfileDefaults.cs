using System.Collections.Frozen;

namespace Slipway.Identity;

/// <summary>
/// What the two profiles mean where the settings belong to the service kit: pool and circuit breaker. A variable that is set wins over
/// the profile, so a single cause can be switched on or off in a comparison.
/// </summary>
internal static class ProfileDefaults
{
    private static readonly FrozenDictionary<string, string> s_baseline = new Dictionary<string, string>
    {
        ["DB_POOL_MAX"] = "5",
        ["DB_POOL_MIN"] = "0",
        ["DB_POOL_ACQUIRE_MS"] = "30000",
        ["DB_POOL_IDLE_MS"] = "10000",
        ["BREAKER"] = "off",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> s_optimized = new Dictionary<string, string>
    {
        ["DB_POOL_MAX"] = "50",
        ["DB_POOL_MIN"] = "5",
        ["DB_POOL_ACQUIRE_MS"] = "60000",
        ["DB_POOL_IDLE_MS"] = "10000",
        ["BREAKER_TIMEOUT_MS"] = "5000",
        ["BREAKER_ERROR_PERCENT"] = "50",
        ["BREAKER_RESET_MS"] = "30000",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static Func<string, string?> Under(Func<string, string?> environment, IReadOnlyList<string> args)
    {
        var defaults = IsBaseline(environment, args) ? s_baseline : s_optimized;
        return name => environment(name) is { Length: > 0 } set ? set : defaults.GetValueOrDefault(name);
    }

    /// <summary>The command line's <c>--set</c> wins over the environment, here as everywhere.</summary>
    private static bool IsBaseline(Func<string, string?> environment, IReadOnlyList<string> args)
    {
        const string Setting = "PROFILE=";
        var typed = args.LastOrDefault(argument => argument.StartsWith(Setting, StringComparison.Ordinal));
        return (typed?[Setting.Length..] ?? environment("PROFILE")) == IdentitySettings.BaselineProfile;
    }
}
