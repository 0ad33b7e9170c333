using Slipway.Eventing.Delivery;
using Slipway.Model;
using Slipway.Model.Eventing;
using Slipway.Model.Failures;
using Slipway.Model.Resources;
using Slipway.Store;

namespace Slipway.Eventing.Brokers;

/// <summary>From what a Trigger says to where events are sent. Services are reached through the gateway, which wakes them.</summary>
/// <param name="gateway">Where the gateway listens for programs on this machine.</param>
internal sealed class SubscriberResolver(IResourceStore store, Uri gateway)
{
    private const string LocalSuffix = ".localhost";

    public Outcome<Subscriber> Resolve(Destination destination, string @namespace)
    {
        if (destination.Ref is not { } reference)
        {
            return Uri.TryCreate(destination.Uri, UriKind.Absolute, out var address)
                ? new Subscriber(address, Dial(address), null)
                : new Failure(FailureKind.Invalid, "SubscriberInvalid", $"\"{destination.Uri}\" is no address.");
        }

        var home = reference.Namespace is { Length: > 0 } named ? named : @namespace;
        if (store.Get(new ResourceKey(Kinds.Service, home, reference.Name)) is not { IsDeleting: false } service)
        {
            return new Failure(FailureKind.NotFound, "SubscriberNotFound", $"There is no Service \"{reference.Name}\" in namespace \"{home}\".");
        }

        if (service.Read("status", KindsJson.Default.ServiceStatus)?.Url is not { Length: > 0 } url || !Uri.TryCreate(url, UriKind.Absolute, out var root))
        {
            return new Failure(FailureKind.Unavailable, "SubscriberHasNoAddress", $"Service \"{reference.Name}\" has no address yet.");
        }

        var whole = string.IsNullOrEmpty(destination.Uri) ? root : new Uri(root, destination.Uri);
        return new Subscriber(whole, new Uri(gateway, whole.PathAndQuery), (home, reference.Name));
    }

    /// <summary>Names under localhost are in no name server; they are all this machine.</summary>
    private static Uri Dial(Uri address) =>
        address.Host.EndsWith(LocalSuffix, StringComparison.OrdinalIgnoreCase) && address.Scheme == Uri.UriSchemeHttp
            ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri
            : address;
}
