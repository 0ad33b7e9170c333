using Microsoft.AspNetCore.Builder;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Settings;

namespace Titanic.Api.Endpoints;

/// <summary>Who may do what: reading is open or not (AUTH_MODE), writing and administering always need the scope.</summary>
internal sealed record AccessMode(bool ReadingNeedsCaller)
{
    public const string Read = "titanic.people:read";
    public const string Write = "titanic.people:write";
    public const string Admin = "titanic.people:admin";

    public static AccessMode Of(ServiceSettings settings) => new(settings.Choice("AUTH_MODE", "open", "open", "required") == "required");

    public TBuilder Reads<TBuilder>(TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        ReadingNeedsCaller ? endpoint.Requires(Read) : endpoint.OpenToAll("The passenger list is public.");
}
