using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Model.Decoding;
using Slipway.Model.Resources;
using Slipway.Model.Trees;
using Slipway.Model.Values;

namespace Slipway.Model.Validation;

/// <summary>HTTPRoute.</summary>
internal static partial class HttpRouteRules
{
    private const int HostnamesMax = 16;
    private const int RulesMax = 16;
    private const int MatchesMax = 64;
    private const int BackendsMax = 16;
    private const int FiltersMax = 16;
    private const int WeightMax = 1_000_000;

    /// <summary>A pattern that has not answered by then is a trap, not a match.</summary>
    private static readonly TimeSpan s_patternTime = TimeSpan.FromMilliseconds(100);

    private static readonly string[] s_methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];
    private static readonly string[] s_redirects = ["301", "302", "303", "307", "308"];

    public static void Check(JsonObject next, FindingList findings)
    {
        var spec = next.Object("spec");
        Hostnames(spec, findings);
        AtMost(spec, "rules", RulesMax, "spec", findings);
        foreach (var (rule, index) in spec.Objects("rules"))
        {
            var path = $"spec.rules[{index}]";
            AtMost(rule, "matches", MatchesMax, path, findings);
            AtMost(rule, "filters", FiltersMax, path, findings);
            AtMost(rule, "backendRefs", BackendsMax, path, findings);
            foreach (var (match, position) in rule.Objects("matches"))
            {
                Match(match, $"{path}.matches[{position}]", findings);
            }

            Backends(rule, path, findings);
            new HttpFilterRules(findings).Check(rule, path);
            Timeouts(rule.Object("timeouts"), $"{path}.timeouts", findings);
            Retry(rule.Object("retry"), $"{path}.retry", findings);
        }
    }

    internal static void StatusCode(JsonObject redirect, string path, FindingList findings)
    {
        if (redirect.Whole("statusCode") is { } code && !s_redirects.Contains($"{code}"))
        {
            findings.NotSupported($"{code}", path, s_redirects);
        }
    }

    internal static void Duration(string? text, string path, FindingList findings)
    {
        if (text is not null && (!GoDuration.TryParse(text, out var duration) || duration < TimeSpan.Zero))
        {
            findings.Invalid(text, path, "must be a duration such as 30s or 1m30s; 0s sets no limit");
        }
    }

    internal static bool IsHost(string host) => Names.IsDns1123Subdomain(host);

    private static void Hostnames(JsonObject? spec, FindingList findings)
    {
        AtMost(spec, "hostnames", HostnamesMax, "spec", findings);
        var hosts = spec.List("hostnames");
        for (var index = 0; index < (hosts?.Count ?? 0); index++)
        {
            if (hosts![index].AsText() is not { } host)
            {
                continue;
            }

            var plain = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
            if (System.Net.IPAddress.TryParse(plain, out _))
            {
                findings.Invalid(host, $"spec.hostnames[{index}]", "must be a host name, not an address");
            }
            else if (!IsHost(plain))
            {
                findings.Invalid(host, $"spec.hostnames[{index}]", Names.Dns1123SubdomainPhrase);
            }
        }
    }

    private static void Match(JsonObject match, string path, FindingList findings)
    {
        if (match.Object("path") is { } place && place.Text("value") is { } value)
        {
            var valuePath = FieldPath.Member(path, "path.value");
            if (place.Text("type") == "RegularExpression")
            {
                Pattern(value, valuePath, findings);
            }
            else if (!value.StartsWith('/'))
            {
                findings.Invalid(value, valuePath, "must be an absolute path");
            }
            else if (value.Contains("//", StringComparison.Ordinal) || value.Split('/').Any(part => part is "." or "..")
                || value.AsSpan().ContainsAny('#', '?'))
            {
                findings.Invalid(value, valuePath, "must not contain '//', '/./', '/../', '?' or '#'");
            }
        }

        foreach (var list in new[] { "headers", "queryParams" })
        {
            foreach (var (entry, index) in match.Objects(list))
            {
                var entryPath = $"{path}.{list}[{index}]";
                if (list == "headers" && entry.Text("name") is { Length: > 0 } name && !Token().IsMatch(name))
                {
                    findings.Invalid(name, $"{entryPath}.name", "must be the name of an HTTP header");
                }

                if (entry.Text("type") == "RegularExpression" && entry.Text("value") is { } pattern)
                {
                    Pattern(pattern, $"{entryPath}.value", findings);
                }
            }
        }

        if (match.Text("method") is { Length: > 0 } method && !s_methods.Contains(method))
        {
            findings.NotSupported(method, FieldPath.Member(path, "method"), s_methods);
        }
    }

    private static void Pattern(string pattern, string path, FindingList findings)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, s_patternTime);
        }
        catch (Exception problem) when (problem is ArgumentException or NotSupportedException)
        {
            findings.Invalid(pattern, path, "must be a regular expression without look-around and back-references");
        }
    }

    private static void Backends(JsonObject rule, string path, FindingList findings)
    {
        foreach (var (backend, index) in rule.Objects("backendRefs"))
        {
            var here = $"{path}.backendRefs[{index}]";
            findings.Range(backend.Whole("weight"), 0, WeightMax, $"{here}.weight");
            findings.Range(backend.Whole("port"), 1, 65535, $"{here}.port");
            if (backend.Text("kind") is { Length: > 0 } kind && kind != Kinds.Service.Kind)
            {
                findings.NotSupported(kind, $"{here}.kind", [Kinds.Service.Kind]);
            }

            if (backend.Text("group") is { Length: > 0 } group && group != Kinds.ServingGroup)
            {
                findings.NotSupported(group, $"{here}.group", ["", Kinds.ServingGroup]);
            }
        }
    }

    private static void Timeouts(JsonObject? timeouts, string path, FindingList findings)
    {
        Duration(timeouts.Text("request"), FieldPath.Member(path, "request"), findings);
        Duration(timeouts.Text("backendRequest"), FieldPath.Member(path, "backendRequest"), findings);
        if (GoDuration.TryParse(timeouts.Text("request"), out var whole) && whole > TimeSpan.Zero
            && GoDuration.TryParse(timeouts.Text("backendRequest"), out var one) && one > whole)
        {
            findings.Invalid(timeouts.Text("backendRequest")!, FieldPath.Member(path, "backendRequest"), "must not be longer than the request timeout");
        }
    }

    private static void Retry(JsonObject? retry, string path, FindingList findings)
    {
        findings.Range(retry.Whole("attempts"), 0, 10, FieldPath.Member(path, "attempts"));
        Duration(retry.Text("backoff"), FieldPath.Member(path, "backoff"), findings);
        var codes = retry.List("codes");
        for (var index = 0; index < (codes?.Count ?? 0); index++)
        {
            findings.Range(codes![index].AsWhole(), 400, 599, $"{path}.codes[{index}]");
        }
    }

    private static void AtMost(JsonObject? holder, string field, int limit, string path, FindingList findings)
    {
        if (holder.List(field) is { } list && list.Count > limit)
        {
            findings.Invalid($"{list.Count} items", FieldPath.Member(path, field), $"must have at most {limit} items");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9!#$%&'*+.^_`|~-]+\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
