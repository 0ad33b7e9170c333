using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Model.Decoding;
using Slipway.Model.Monitoring;
using Slipway.Model.Trees;
using Slipway.Model.Values;

namespace Slipway.Model.Validation;

/// <summary>AlertmanagerConfig: its routes may nest, so they are looked at here and not by the schema.</summary>
internal static class AlertmanagerConfigRules
{
    private const int DepthMax = 16;
    private const int RoutesMax = 500;

    private static readonly string[] s_routeMembers =
        ["receiver", "groupBy", "groupWait", "groupInterval", "repeatInterval", "matchers", "continue", "routes"];

    private static readonly string[] s_matchTypes = ["=", "!=", "=~", "!~"];

    public static void Check(JsonObject next, FindingList findings)
    {
        BrokerRules.Choice(next.Object("metadata").Object("annotations"), MonitoringNames.Alerts, findings, MonitoringNames.All, MonitoringNames.OfNamespace);
        var spec = next.Object("spec");
        var receivers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (receiver, index) in spec.Objects("receivers"))
        {
            var path = FieldPath.Index("spec.receivers", index);
            if (receiver.Text("name") is { Length: > 0 } name && !receivers.Add(name))
            {
                findings.Duplicate(name, FieldPath.Member(path, "name"), "receiver");
            }

            Receiver(receiver, path, findings);
        }

        if (spec.Object("route") is { } route)
        {
            if (string.IsNullOrEmpty(route.Text("receiver")))
            {
                findings.Missing("spec.route.receiver");
            }

            var left = RoutesMax;
            Route(route, "spec.route", receivers, 1, ref left, findings);
            if (left < 0)
            {
                findings.Invalid($"more than {RoutesMax} routes", "spec.route.routes", $"a configuration has at most {RoutesMax} routes; make several");
            }
        }

        foreach (var (rule, index) in spec.Objects("inhibitRules"))
        {
            var path = FieldPath.Index("spec.inhibitRules", index);
            foreach (var member in new[] { "sourceMatch", "targetMatch" })
            {
                if (rule.List(member) is null or { Count: 0 })
                {
                    findings.Missing(FieldPath.Member(path, member));
                }

                Matchers(rule, member, path, findings);
            }

            LabelNames(rule.List("equal"), FieldPath.Member(path, "equal"), false, findings);
        }
    }

    private static void Route(JsonObject route, string path, HashSet<string> receivers, int depth, ref int left, FindingList findings)
    {
        left--;
        if (depth > DepthMax)
        {
            findings.Invalid("…", path, $"routes may be nested {DepthMax} deep");
            return;
        }

        if (depth > 1)
        {
            foreach (var (member, _) in route)
            {
                if (!s_routeMembers.Contains(member))
                {
                    findings.Forbidden(FieldPath.Member(path, member), $"a route has {string.Join(", ", s_routeMembers)}");
                }
            }
        }

        if (route.Text("receiver") is { Length: > 0 } receiver && !receivers.Contains(receiver))
        {
            findings.Invalid(receiver, FieldPath.Member(path, "receiver"), "is not the name of one of spec.receivers");
        }

        LabelNames(route.List("groupBy"), FieldPath.Member(path, "groupBy"), true, findings);
        Duration(route, "groupWait", path, zero: true, findings);
        Duration(route, "groupInterval", path, zero: false, findings);
        Duration(route, "repeatInterval", path, zero: false, findings);
        Matchers(route, "matchers", path, findings);
        if (route.Has("continue") && route.Flag("continue") is null)
        {
            findings.Invalid(route["continue"].Shown(), FieldPath.Member(path, "continue"), "must be true or false");
        }

        if (route.Has("routes") && route.List("routes") is null)
        {
            findings.Invalid(route["routes"].Shown(), FieldPath.Member(path, "routes"), "must be a list of routes");
        }

        for (var index = 0; index < (route.List("routes")?.Count ?? 0) && left >= 0; index++)
        {
            var below = FieldPath.Index(FieldPath.Member(path, "routes"), index);
            if (route.List("routes")![index] is JsonObject child)
            {
                Route(child, below, receivers, depth + 1, ref left, findings);
            }
            else
            {
                findings.Invalid(route.List("routes")![index].Shown(), below, "must be a route");
            }
        }
    }

    private static void Receiver(JsonObject receiver, string path, FindingList findings)
    {
        foreach (var (webhook, index) in receiver.Objects("webhookConfigs"))
        {
            var at = FieldPath.Index(FieldPath.Member(path, "webhookConfigs"), index);
            var (url, secret) = (webhook.Text("url"), webhook.Object("urlSecret"));
            if (string.IsNullOrEmpty(url) && secret is null)
            {
                findings.NoneOf(at, "url", "urlSecret");
            }
            else if (!string.IsNullOrEmpty(url) && secret is not null)
            {
                findings.SeveralOf(at, "url", "urlSecret");
            }

            Address(webhook, "url", at, findings);
            findings.Range(webhook.Whole("maxAlerts"), 0, int.MaxValue, FieldPath.Member(at, "maxAlerts"));
            if (webhook.Object("httpConfig") is { } http && http.Has("authorization") && http.Has("basicAuth"))
            {
                findings.SeveralOf(FieldPath.Member(at, "httpConfig"), "authorization", "basicAuth");
            }
        }

        Needs(receiver, "slackConfigs", "apiURL", path, findings);
        Needs(receiver, "pagerdutyConfigs", "routingKey", path, findings);
        foreach (var (pager, index) in receiver.Objects("pagerdutyConfigs"))
        {
            Address(pager, "url", FieldPath.Index(FieldPath.Member(path, "pagerdutyConfigs"), index), findings);
        }

        foreach (var (mail, index) in receiver.Objects("emailConfigs"))
        {
            var at = FieldPath.Index(FieldPath.Member(path, "emailConfigs"), index);
            foreach (var member in new[] { "to", "from" })
            {
                if (mail.Text(member) is not { Length: > 0 } addresses)
                {
                    if (member == "to")
                    {
                        findings.Missing(FieldPath.Member(at, "to"));
                    }
                }
                else if (addresses.Split(',').Any(address => !System.Net.Mail.MailAddress.TryCreate(address.Trim(), out _)))
                {
                    findings.Invalid(addresses, FieldPath.Member(at, member), "must be e-mail addresses, separated by commas");
                }
            }

            if (mail.Text("smarthost") is { Length: > 0 } host
                && (host.LastIndexOf(':') is var colon && (colon <= 0 || !ushort.TryParse(host.AsSpan(colon + 1), out var port) || port == 0)))
            {
                findings.Invalid(host, FieldPath.Member(at, "smarthost"), "must be host:port, such as mail.example:587");
            }

            foreach (var (header, place) in mail.Objects("headers"))
            {
                if (header.Text("key") is { } key && (key.Length == 0 || !key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')))
                {
                    findings.Invalid(key, $"{FieldPath.Index(FieldPath.Member(at, "headers"), place)}.key", "must be letters, digits and '-'");
                }
            }
        }
    }

    private static void Needs(JsonObject receiver, string kind, string member, string path, FindingList findings)
    {
        foreach (var (way, index) in receiver.Objects(kind))
        {
            if (!way.Has(member))
            {
                findings.Missing(FieldPath.Member(FieldPath.Index(FieldPath.Member(path, kind), index), member));
            }
        }
    }

    private static void Address(JsonObject parent, string member, string path, FindingList findings)
    {
        if (parent.Text(member) is { Length: > 0 } url && !(Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
        {
            findings.Invalid(url, FieldPath.Member(path, member), "must be an http or https address");
        }
    }

    private static void Duration(JsonObject parent, string member, string path, bool zero, FindingList findings)
    {
        if (parent.Text(member) is not { Length: > 0 } text)
        {
            return;
        }

        if (!PrometheusDuration.TryParse(text, out var duration))
        {
            findings.Invalid(text, FieldPath.Member(path, member), PrometheusDuration.Phrase);
        }
        else if (!zero && duration == TimeSpan.Zero)
        {
            findings.Invalid(text, FieldPath.Member(path, member), "must be longer than 0s");
        }
    }

    private static void LabelNames(JsonArray? names, string path, bool each, FindingList findings)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < (names?.Count ?? 0); index++)
        {
            var name = names![index].Shown();
            if (!PrometheusRuleRules.IsLabel(name) && !(each && name == MonitoringNames.EachAlert))
            {
                findings.Invalid(name, FieldPath.Index(path, index), "must be the name of a label");
            }
            else if (!seen.Add(name))
            {
                findings.Duplicate(name, FieldPath.Index(path, index), "label");
            }
        }
    }

    private static void Matchers(JsonObject parent, string member, string path, FindingList findings)
    {
        for (var index = 0; index < (parent.List(member)?.Count ?? 0); index++)
        {
            var at = FieldPath.Index(FieldPath.Member(path, member), index);
            if (parent.List(member)![index] is not JsonObject matcher)
            {
                findings.Invalid(parent.List(member)![index].Shown(), at, "must be an object with name, matchType and value");
                continue;
            }

            if (matcher.Text("name") is not { } name || !PrometheusRuleRules.IsLabel(name))
            {
                findings.Invalid(matcher["name"].Shown(), FieldPath.Member(at, "name"), "must be the name of a label");
            }

            if (matcher.Has("matchType") && !s_matchTypes.Contains(matcher["matchType"].Shown()))
            {
                findings.NotSupported(matcher["matchType"].Shown(), FieldPath.Member(at, "matchType"), s_matchTypes);
            }

            if ((matcher.Text("matchType") is "=~" or "!~" || matcher.Flag("regex") == true) && matcher.Text("value") is { } pattern && !IsPattern(pattern))
            {
                findings.Invalid(pattern, FieldPath.Member(at, "value"), "is no regular expression that runs without backtracking");
            }
        }
    }

    private static bool IsPattern(string pattern)
    {
        try
        {
            _ = new Regex($"^(?:{pattern})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return true;
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
