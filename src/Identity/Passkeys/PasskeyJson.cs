using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Identity.Passkeys;

internal sealed record PasskeyOptions(Guid ChallengeId, JsonElement Options);

internal sealed record PasskeyAnswer
{
    public Guid? ChallengeId { get; set; }

    /// <summary>What <c>navigator.credentials</c> gave, as its <c>toJSON()</c> writes it.</summary>
    public JsonElement? Credential { get; set; }

    /// <summary>For a new passkey: what its owner calls it.</summary>
    public string? Name { get; set; }
}

internal sealed record PasskeyView(string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, bool BackedUp);

internal sealed record PasskeyName
{
    public string? Name { get; set; }
}

internal sealed record PasskeyList(IReadOnlyList<PasskeyView> Items);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PasskeyOptions))]
[JsonSerializable(typeof(PasskeyAnswer))]
[JsonSerializable(typeof(PasskeyView))]
[JsonSerializable(typeof(PasskeyName))]
[JsonSerializable(typeof(PasskeyList))]
internal sealed partial class PasskeyJson : JsonSerializerContext;
