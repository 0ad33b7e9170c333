using Slipway.Sdk.Settings;

namespace Retail.Sandbox.Webhooks;

/// <summary>Whom the bank tells, and with which secret it signs.</summary>
internal sealed record WebhookSettings(string Service, string Path, byte[] Secret)
{
    public static WebhookSettings Read(ServiceSettings settings)
    {
        var secret = settings.Key("WEBHOOK_SECRET");
        if (secret is null)
        {
            settings.Mistaken("WEBHOOK_SECRET is missing; the receiver of webhooks needs the same. Make one with: openssl rand -base64 32");
        }

        return new WebhookSettings(
            settings.Text("WEBHOOK_SERVICE", "payments"), settings.Text("WEBHOOK_PATH", "/api/v1/payments/webhook"), secret ?? []);
    }
}
