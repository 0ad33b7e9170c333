using Slipway.Sdk.Settings;

namespace Slipway.Identity.OAuth;

/// <summary>The clients an installation brings along: its own pages and its command line.</summary>
internal static class ClientSeeds
{
    public static IReadOnlyList<Client> For(ServiceAddresses addresses) =>
    [
        Page(addresses, "todo", "Todo", ["todo.*"]),
        Page(addresses, "shop", "Shop", ["retail.*"]),
        Page(addresses, "console", "Slipway console", ["slipway.*", "todo.*", "retail.*", "titanic.*"]),
        new Client
        {
            Id = "slipway-cli",
            Name = "slipway command line",
            FirstParty = true,
            RedirectUris = ["http://127.0.0.1/callback", "http://[::1]/callback"],
            Scopes = ["slipway.*"],
        },
    ];

    private static Client Page(ServiceAddresses addresses, string service, string name, IReadOnlyList<string> scopes)
    {
        var home = addresses.Public(service).GetLeftPart(UriPartial.Authority);
        return new Client
        {
            Id = service,
            Name = name,
            FirstParty = true,
            RedirectUris = [$"{home}/session/callback"],
            SignOutUris = [$"{home}/", home],
            Scopes = scopes,
        };
    }
}
