using Slipway.Identity.SignIns;
using Slipway.Identity.Tokens;
using Slipway.Sdk.Settings;

namespace Slipway.Identity;

/// <summary>All settings of the service, read once when it starts.</summary>
internal sealed record IdentitySettings
{
    public const string Optimized = "optimized";
    public const string BaselineProfile = "baseline";

    /// <summary>The slow arrangement the optimised one is compared with: no cache, synchronous bookkeeping, the earlier login query.</summary>
    public required bool Baseline { get; init; }

    public required TimeSpan TokenLifetime { get; init; }

    public required int BcryptRounds { get; init; }

    /// <summary>What hashes of accounts cost at least that come through the retail surface.</summary>
    public required int RetailBcryptRounds { get; init; }

    public required int HashWorkers { get; init; }

    public required int HashQueue { get; init; }

    /// <summary>bcrypt hashes that one worker makes side by side.</summary>
    public required int HashLanes { get; init; }

    public required TimeSpan CacheLifetime { get; init; }

    public required TimeSpan CacheSweep { get; init; }

    public required int CacheMax { get; init; }

    public required AttemptRules Attempts { get; init; }

    public required KeySchedule Keys { get; init; }

    /// <summary>How long the audit trail is kept.</summary>
    public required TimeSpan AuditKept { get; init; }

    public required byte[] MasterKey { get; init; }

    public required byte[] SessionKey { get; init; }

    /// <summary>The one before, after a change: what it made is still believed.</summary>
    public required byte[]? PreviousSessionKey { get; init; }

    public required string? SmtpUrl { get; init; }

    public required string MailFrom { get; init; }

    public required string? MailSpool { get; init; }

    /// <summary>The version of the terms that people agree to when they register now.</summary>
    public required string TermsVersion { get; init; }

    public static IdentitySettings Read(ServiceSettings settings)
    {
        var baseline = settings.Choice("PROFILE", Optimized, Optimized, BaselineProfile) == BaselineProfile;
        return new IdentitySettings
        {
            Baseline = baseline,
            TokenLifetime = TimeSpan.FromSeconds(settings.Number("TOKEN_SECONDS", 3600, 60, (int)TokenLifetimes.Longest.TotalSeconds)),
            BcryptRounds = settings.Number("BCRYPT_ROUNDS", baseline ? 12 : 10, Passwords.Bcrypt.CostMin, Passwords.Bcrypt.CostMax),
            RetailBcryptRounds = settings.Number("RETAIL_BCRYPT_ROUNDS", 12, Passwords.Bcrypt.CostMin, Passwords.Bcrypt.CostMax),
            HashWorkers = settings.Number("HASH_WORKERS", Environment.ProcessorCount, 1, 256),
            HashQueue = settings.Number("HASH_QUEUE", 256, 1, 100_000),
            HashLanes = settings.Number("HASH_LANES", baseline ? 1 : Passwords.BcryptLanes.Lanes, 1, Passwords.BcryptLanes.Lanes),
            CacheLifetime = settings.Seconds("CACHE_TTL_SECONDS", baseline ? 0 : 300),
            CacheSweep = settings.Seconds("CACHE_CHECK_SECONDS", 60),
            CacheMax = settings.Number("CACHE_MAX", 10_000, 1, 1_000_000),
            Attempts = new AttemptRules
            {
                LockAfter = settings.Number("LOCK_AFTER_FAILURES", 5, 1, 1000),
                LockFor = settings.Seconds("LOCK_SECONDS", 900),
                PerAddress = settings.Number("FAILURES_PER_ADDRESS", 10, 1, 100_000),
                PerNetwork = settings.Number("FAILURES_PER_NETWORK", 100, 1, 1_000_000),
                Window = settings.Seconds("FAILURES_SECONDS", 900),
                Limited = !string.Equals(settings.Text("LIMITS", "on"), "off", StringComparison.OrdinalIgnoreCase),
            },
            Keys = new KeySchedule(
                settings.Seconds("KEY_ROTATE_SECONDS", TimeSpan.FromDays(30).TotalSeconds),
                settings.Seconds("KEY_LEAD_SECONDS", 600),
                TokenLifetimes.Longest + TokenLifetimes.Skew),
            AuditKept = TimeSpan.FromDays(settings.Number("AUDIT_KEEP_DAYS", 2557, 365, 36_500)),
            MasterKey = Needed(settings, "IDENTITY_MASTER_KEY", "it protects signing keys and second-factor secrets in the database"),
            SessionKey = Needed(settings, "SESSION_KEY", "it binds refresh tokens, sessions and counters to this installation"),
            PreviousSessionKey = settings.Key("SESSION_KEY_PREVIOUS"),
            SmtpUrl = settings.Text("SMTP_URL"),
            MailFrom = settings.Text("MAIL_FROM", "Slipway <no-reply@identity.localhost>"),
            MailSpool = settings.Text("MAIL_SPOOL"),
            TermsVersion = settings.Text("TERMS_VERSION", "1.0"),
        };
    }

    /// <summary>A key made up at every start would end every session and every signing key with it, so a missing one is a mistake.</summary>
    private static byte[] Needed(ServiceSettings settings, string name, string why)
    {
        if (settings.Text(name) is null)
        {
            settings.Mistaken($"{name} is missing; {why}. Make one with: openssl rand -base64 32");
        }

        return settings.Key(name) ?? [];
    }
}
