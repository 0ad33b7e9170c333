using Microsoft.Playwright;

namespace Slipway.Web.Tests.Browsers;

/// <summary>A device of the browser's own making that keeps passkeys and knows its owner's finger, or does not.</summary>
internal sealed class VirtualDevice
{
    private readonly ICDPSession _browser;
    private readonly string _id;

    private VirtualDevice(ICDPSession browser, string id) => (_browser, _id) = (browser, id);

    public static async Task<VirtualDevice> PlugInAsync(IBrowserContext profile, IPage page)
    {
        var browser = await profile.NewCDPSessionAsync(page);
        await browser.SendAsync("WebAuthn.enable");
        var added = await browser.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return new VirtualDevice(browser, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    /// <summary>From now on the finger on it is its owner's, or somebody else's.</summary>
    public Task FeelsItsOwnerAsync(bool owner) =>
        _browser.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = _id, ["isUserVerified"] = owner });
}
