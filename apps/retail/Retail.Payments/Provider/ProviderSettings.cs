using Slipway.Sdk.Settings;

namespace Retail.Payments.Provider;

/// <summary>Which bank, and what the shop proves itself with.</summary>
internal sealed record ProviderSettings(string Service, string Key, TimeSpan Timeout)
{
    private const string Sandbox = "payment-sandbox";

    public static ProviderSettings Read(ServiceSettings settings)
    {
        var key = settings.Text("PROVIDER_KEY");
        if (key is not { Length: >= 16 })
        {
            settings.Mistaken("PROVIDER_KEY is missing or shorter than 16 characters; the payment provider gives it out.");
        }

        // PROVIDER_URL is how the addresses of a service called provider are given; without it the sandbox is the bank.
        return new ProviderSettings(settings.Text("PROVIDER_URL") is null ? Sandbox : "provider", key ?? "", settings.Milliseconds("PROVIDER_TIMEOUT_MS", 5000));
    }
}
