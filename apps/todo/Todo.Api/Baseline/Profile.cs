namespace Todo.Api.Baseline;

/// <summary>
/// <c>PROFILE=baseline</c> runs the service the way it was before it was made fast, so that both can be measured with the same load: a
/// small cold pool and no breaker. What is set explicitly still counts.
/// </summary>
internal static class Profile
{
    public const string Setting = "PROFILE";
    public const string Optimized = "optimized";
    public const string BaselineName = "baseline";

    public static Func<string, string?> Over(Func<string, string?> environment) => name =>
        environment(name) ?? (environment(Setting) == BaselineName ? Baseline(name) : null);

    private static string? Baseline(string name) => name switch
    {
        "DB_POOL_MAX" => "5",
        "DB_POOL_MIN" => "0",
        "DB_POOL_ACQUIRE_MS" => "30000",
        "DB_POOL_IDLE_MS" => "10000",
        "BREAKER" => "false",
        "BREAKER_TIMEOUT_MS" => "60000",
        _ => null,
    };
}
