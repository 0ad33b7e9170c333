using System.Text.Json.Serialization;

namespace Slipway.Identity.OAuth;

internal sealed record ClientBody
{
    public string? Id { get; set; }

    public string? Name { get; set; }

    /// <summary>A confidential client gets a secret; it is shown in the answer and never again.</summary>
    public bool? Confidential { get; set; }

    public List<string>? RedirectUris { get; set; }

    public List<string>? SignOutUris { get; set; }

    public List<string>? Scopes { get; set; }

    public List<string>? Grants { get; set; }
}

internal sealed record ClientView(
    string Id, string Name, bool Confidential, bool FirstParty, bool Active, IReadOnlyList<string> RedirectUris, IReadOnlyList<string> SignOutUris,
    IReadOnlyList<string> Scopes, IReadOnlyList<string> Grants)
{
    public string? Secret { get; init; }

    public static ClientView Of(Client client) => new(
        client.Id, client.Name, client.Confidential, client.FirstParty, client.Active, client.RedirectUris, client.SignOutUris, client.Scopes, client.Grants);
}

internal sealed record ClientList(IReadOnlyList<ClientView> Items);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClientBody))]
[JsonSerializable(typeof(ClientView))]
[JsonSerializable(typeof(ClientList))]
internal sealed partial class ClientJson : JsonSerializerContext;
