using Slipway.Sdk.Settings;

namespace Retail.Payments.Operations;

/// <summary>How eagerly the bank is asked, and where it sends people back to.</summary>
internal sealed record OperationPace(int AtOnce, TimeSpan RetryBase, TimeSpan Look, Uri Shop, string ReturnPath)
{
    public static OperationPace Read(ServiceSettings settings, ServiceAddresses addresses) => new(
        settings.Number("PROVIDER_CALLS_MAX", 16, 1, 200),
        settings.Milliseconds("PROVIDER_RETRY_MS", 1000),
        settings.Milliseconds("SWEEP_MS", 1000),
        addresses.Public("shop"),
        settings.Text("PAYMENT_RETURN_PATH", "/orders/{orderId}"));

    public string ReturnUrl(Guid order) => new Uri(Shop, ReturnPath.Replace("{orderId}", order.ToString(), StringComparison.Ordinal)).ToString();
}
