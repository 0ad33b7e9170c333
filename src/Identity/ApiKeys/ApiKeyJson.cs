using System.Text.Json.Serialization;

namespace Slipway.Identity.ApiKeys;

internal sealed record ApiKeyBody
{
    public string? Name { get; set; }

    public List<string>? Scopes { get; set; }

    /// <summary>Either this or <see cref="ExpiresInDays"/>; without both a key lives ninety days.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public int? ExpiresInDays { get; set; }
}

internal sealed record ApiKeyView(
    string Id, string Name, string Prefix, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt)
{
    /// <summary>The whole key, in the answer to its making and never again.</summary>
    public string? Key { get; init; }

    public static ApiKeyView Of(ApiKey key) => new(
        key.Id, key.Name, $"slp_{key.Environment}_{key.Id}", key.Scopes, key.CreatedAt, key.ExpiresAt, key.LastUsedAt, key.RevokedAt);
}

internal sealed record ApiKeyList(IReadOnlyList<ApiKeyView> Items);

internal sealed record ApiKeyQuestion
{
    public string? Key { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApiKeyBody))]
[JsonSerializable(typeof(ApiKeyView))]
[JsonSerializable(typeof(ApiKeyList))]
[JsonSerializable(typeof(ApiKeyQuestion))]
internal sealed partial class ApiKeyJson : JsonSerializerContext;
