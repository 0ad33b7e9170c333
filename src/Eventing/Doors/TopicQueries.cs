using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Eventing.Brokers;
using Slipway.Model;
using Slipway.Model.Failures;
using Slipway.Model.Resources;

namespace Slipway.Eventing.Doors;

/// <summary>What requests about topics have in common.</summary>
internal static class TopicQueries
{
    public static string Namespace(HttpRequest request) => request.Query["namespace"].ToString() is { Length: > 0 } named ? named : "default";

    public static Outcome<BrokerPlan> Topic(EventBus bus, HttpRequest request)
    {
        var name = (string)request.RouteValues["topic"]!;
        return bus.Directory.Find(Namespace(request), name) is { } broker
            ? broker
            : new Failure(FailureKind.NotFound, "topic-not-found", $"There is no topic \"{name}\" in namespace \"{Namespace(request)}\".");
    }

    /// <summary>The Triggers of a topic, by name.</summary>
    public static IEnumerable<Resource> Triggers(EventBus bus, BrokerPlan broker) =>
        bus.Store.List(Kinds.Trigger, broker.Topic.Name.Namespace).Items
            .Where(trigger => trigger.Read("spec", KindsJson.Default.TriggerSpec)?.Broker == broker.Name);

    /// <summary>A whole number of the query; the standard when it is not given.</summary>
    public static Outcome<long> Number(HttpRequest request, string name, long standard, long most)
    {
        if (request.Query[name].ToString() is not { Length: > 0 } text)
        {
            return standard;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : new Failure(FailureKind.Malformed, "parameter-invalid", $"{name} must be a whole number from 0 to {most}, was \"{text}\".");
    }
}
