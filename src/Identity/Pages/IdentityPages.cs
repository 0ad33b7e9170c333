using Microsoft.AspNetCore.Builder;
using Slipway.Sdk.Pages;

namespace Slipway.Identity.Pages;

/// <summary>The pages of this service, drawn by one script: everything a person does with an account.</summary>
internal static class IdentityPages
{
    private static readonly string[] s_routes =
    [
        "/sign-in", "/register", "/verify", "/confirm-email", "/forgot", "/reset", "/keep", "/consent", "/account/*", "/admin/*",
    ];

    public static void Map(WebApplication app) => app.MapPages("pages/account", new PagesOptions { Routes = s_routes });
}
