using System.Text.Json.Serialization;

namespace Slipway.Identity.Privacy;

internal sealed record ErasureBody
{
    public string? Password { get; set; }
}

/// <param name="WithdrawToken">Takes the request back without a sign-in, for as long as that is possible.</param>
internal sealed record ErasureAnswer(DateTimeOffset RequestedAt, DateTimeOffset DueAt, string WithdrawToken);

internal sealed record WithdrawalBody
{
    public string? Token { get; set; }

    public string? Email { get; set; }

    public string? Password { get; set; }

    /// <summary>Of the second factor, if the account has one.</summary>
    public string? Code { get; set; }
}

internal sealed record ConsentBody
{
    public bool? GdprConsent { get; set; }

    public bool? MarketingConsent { get; set; }

    public string? ConsentVersion { get; set; }
}

internal sealed record ConsentState(
    bool GdprConsent, bool MarketingConsent, string? ConsentVersion, DateOnly? ConsentDate, IReadOnlyList<ConsentDecided> History);

internal sealed record ConsentDecided(string Kind, bool Granted, string Version, DateTimeOffset DecidedAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ErasureBody))]
[JsonSerializable(typeof(ErasureAnswer))]
[JsonSerializable(typeof(WithdrawalBody))]
[JsonSerializable(typeof(ConsentBody))]
[JsonSerializable(typeof(ConsentState))]
[JsonSerializable(typeof(Erasure))]
internal sealed partial class PrivacyJson : JsonSerializerContext;
