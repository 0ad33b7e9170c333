using System.Text.Json.Serialization;

namespace Slipway.Identity.TwoFactor;

internal sealed record TwoFactorState(bool Enabled, bool Mandatory, int RecoveryCodesLeft);

/// <summary>Shown once; of the recovery codes only hashes are kept.</summary>
internal sealed record TwoFactorSetup(string Secret, string OtpauthUrl, string QrCodePng, IReadOnlyList<string> RecoveryCodes);

internal sealed record CodeBody
{
    public string? Code { get; set; }
}

internal sealed record RemovalBody
{
    public string? Password { get; set; }

    public string? Code { get; set; }
}

internal sealed record RecoveryCodeList(IReadOnlyList<string> RecoveryCodes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TwoFactorState))]
[JsonSerializable(typeof(TwoFactorSetup))]
[JsonSerializable(typeof(CodeBody))]
[JsonSerializable(typeof(RemovalBody))]
[JsonSerializable(typeof(RecoveryCodeList))]
internal sealed partial class TwoFactorJson : JsonSerializerContext;
