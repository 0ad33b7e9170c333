using System.Text.Json.Serialization;

namespace Slipway.Identity.OAuth;

internal sealed record OAuthError(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_description")] string Detail);

internal sealed record TokenAnswer(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("scope")] string Scope)
{
    [JsonPropertyName("refresh_token")]
    public string? RefreshToken { get; init; }

    [JsonPropertyName("id_token")]
    public string? IdToken { get; init; }
}

/// <summary>What the consent page shows.</summary>
internal sealed record ConsentQuestion(ConsentClient Client, string Email, IReadOnlyList<string> Scopes);

internal sealed record ConsentClient(string Id, string Name, bool FirstParty, string ReturnsTo);

/// <summary>The page's answer: the query of the authorisation request as it came, and what the person decided.</summary>
internal sealed record ConsentDecision
{
    public string? Query { get; set; }

    public bool? Allow { get; set; }
}

internal sealed record ConsentResult(string Location);

internal sealed record Program(string Id, string Name, IReadOnlyList<string> Scopes, DateTimeOffset GrantedAt);

internal sealed record ProgramList(IReadOnlyList<Program> Items);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OAuthError))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(ConsentQuestion))]
[JsonSerializable(typeof(ConsentDecision))]
[JsonSerializable(typeof(ConsentResult))]
[JsonSerializable(typeof(ProgramList))]
internal sealed partial class OAuthJson : JsonSerializerContext;
