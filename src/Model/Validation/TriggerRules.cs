using System.Text.Json.Nodes;
using Slipway.Model.Decoding;
using Slipway.Model.Eventing;
using Slipway.Model.Trees;
using Slipway.Model.Values;

namespace Slipway.Model.Validation;

/// <summary>Trigger: its filters may nest, so they are looked at here and not by the schema.</summary>
internal static class TriggerRules
{
    private const int DepthMax = 16;
    private const int AttributeLengthMax = 64;

    private static readonly string[] s_dialects = ["exact", "prefix", "suffix", "all", "any", "not"];

    public static void Check(JsonObject next, JsonObject? current, FindingList findings)
    {
        var annotations = next.Object("metadata").Object("annotations");
        BrokerRules.Choice(annotations, EventingNames.Paused, findings, "true", "false");
        BrokerRules.Choice(annotations, EventingNames.Start, findings, EventingNames.Latest, EventingNames.Earliest);
        BrokerRules.WholeNumber(annotations, EventingNames.Concurrency, 1, EventingNames.ConcurrencyMax, findings);

        var spec = next.Object("spec");
        if (spec.Text("broker") is { Length: > 0 } broker)
        {
            foreach (var problem in Names.Dns1123SubdomainProblems(broker))
            {
                findings.Invalid(broker, "spec.broker", problem);
            }

            if (current.Object("spec").Text("broker") is { } stored && stored != broker)
            {
                findings.Immutable("spec.broker", $"its position in \"{stored}\" means nothing in another Broker; make a new Trigger");
            }
        }

        if (spec.Object("subscriber") is { } subscriber)
        {
            Destination(subscriber, "spec.subscriber", findings);
        }

        Attributes(spec.Object("filter"), "attributes", "spec.filter.attributes", findings);
        Filters(spec.List("filters"), "spec.filters", 1, findings);
        BrokerRules.Delivery(spec.Object("delivery"), "spec.delivery", findings);
    }

    public static void Destination(JsonObject destination, string path, FindingList findings)
    {
        var reference = destination.Object("ref");
        var address = destination.Text("uri");
        if (reference is null && string.IsNullOrEmpty(address))
        {
            findings.NoneOf(path, "ref", "uri");
            return;
        }

        if (reference.Text("apiVersion") is { Length: > 0 } version && version is not ("v1" or "serving.knative.dev/v1"))
        {
            findings.NotSupported(version, FieldPath.Member(path, "ref.apiVersion"), ["serving.knative.dev/v1", "v1"]);
        }

        if (string.IsNullOrEmpty(address))
        {
            return;
        }

        var at = FieldPath.Member(path, "uri");
        if (reference is not null)
        {
            if (address[0] != '/' || address.StartsWith("//", StringComparison.Ordinal) || !Uri.TryCreate(address, UriKind.Relative, out _))
            {
                findings.Invalid(address, at, "must be a path such as /events/orders, because there is a reference");
            }
        }
        else if (!Uri.TryCreate(address, UriKind.Absolute, out var absolute) || absolute.Scheme is not ("http" or "https"))
        {
            findings.Invalid(address, at, "must be an http or https address");
        }
    }

    private static void Filters(JsonArray? filters, string path, int depth, FindingList findings)
    {
        for (var index = 0; index < (filters?.Count ?? 0); index++)
        {
            Filter(filters![index], FieldPath.Index(path, index), depth, findings);
        }
    }

    private static void Filter(JsonNode? node, string path, int depth, FindingList findings)
    {
        if (node is not JsonObject filter)
        {
            findings.Invalid(node.Shown(), path, "must be an object with one of exact, prefix, suffix, all, any or not");
            return;
        }

        if (depth > DepthMax)
        {
            findings.Invalid("…", path, $"filters may be nested {DepthMax} deep");
            return;
        }

        if (filter.Has("cesql"))
        {
            findings.Invalid(filter.Text("cesql") ?? "", FieldPath.Member(path, "cesql"), "expressions are not supported; write exact, prefix, suffix, all, any and not");
            return;
        }

        var given = filter.Where(member => member.Value is not null).Select(member => member.Key).ToList();
        if (given.Find(name => !s_dialects.Contains(name)) is { } unknown)
        {
            findings.NotSupported(unknown, path, s_dialects);
        }
        else if (given.Count == 0)
        {
            findings.NoneOf(path, s_dialects);
        }
        else if (given.Count > 1)
        {
            findings.SeveralOf(path, s_dialects);
        }
        else
        {
            Dialect(filter, given[0], FieldPath.Member(path, given[0]), depth, findings);
        }
    }

    private static void Dialect(JsonObject filter, string dialect, string path, int depth, FindingList findings)
    {
        switch (dialect)
        {
            case "all" or "any" when filter.List(dialect) is { Count: > 0 } nested:
                Filters(nested, path, depth + 1, findings);
                return;
            case "all" or "any":
                findings.Invalid(filter[dialect].Shown(), path, "must be a list of at least one filter");
                return;
            case "not":
                Filter(filter["not"], path, depth + 1, findings);
                return;
            default:
                Attributes(filter, dialect, path, findings);
                if (filter.Object(dialect) is not { Count: > 0 })
                {
                    findings.Invalid(filter[dialect].Shown(), path, "must name at least one attribute with its value");
                }

                return;
        }
    }

    private static void Attributes(JsonObject? parent, string member, string path, FindingList findings)
    {
        foreach (var (name, value) in parent.Object(member) ?? [])
        {
            if (name.Length is 0 or > AttributeLengthMax || !name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter)))
            {
                findings.InvalidKey(name, FieldPath.Key(path, name), "attributes of events have names of lower case letters and digits");
            }

            if (value.AsText() is null)
            {
                findings.Invalid(value.Shown(), FieldPath.Key(path, name), "must be a string");
            }
        }
    }
}
