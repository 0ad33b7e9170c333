using System.Text.Json.Nodes;
using Slipway.Model.Decoding;
using Slipway.Model.Trees;
using Slipway.Model.Values;

namespace Slipway.Model.Validation;

/// <summary>The filters of one rule of an HTTPRoute.</summary>
internal sealed class HttpFilterRules(FindingList findings)
{
    private static readonly (string Type, string Field)[] s_filters =
    [
        ("RequestHeaderModifier", "requestHeaderModifier"),
        ("ResponseHeaderModifier", "responseHeaderModifier"),
        ("RequestRedirect", "requestRedirect"),
        ("URLRewrite", "urlRewrite"),
    ];

    public void Check(JsonObject rule, string rulePath)
    {
        var types = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (filter, index) in rule.Objects("filters"))
        {
            var path = $"{rulePath}.filters[{index}]";
            var type = filter.Text("type") ?? "";
            if (s_filters.Any(known => known.Type == type) && !types.Add(type))
            {
                findings.Duplicate(type, FieldPath.Member(path, "type"), "filter");
            }

            foreach (var (known, field) in s_filters)
            {
                if (known == type && !filter.Has(field))
                {
                    findings.Missing(FieldPath.Member(path, field));
                }
                else if (known != type && filter.Has(field))
                {
                    findings.Forbidden(FieldPath.Member(path, field), $"the filter's type is {type}");
                }
            }

            Redirect(filter.Object("requestRedirect"), FieldPath.Member(path, "requestRedirect"));
            Target(filter.Object("urlRewrite"), FieldPath.Member(path, "urlRewrite"));
        }

        if (types.Contains("RequestRedirect") && types.Contains("URLRewrite"))
        {
            findings.Conflict("a rule cannot redirect and rewrite", "", $"{rulePath}.filters");
        }

        if (types.Contains("RequestRedirect") && rule.List("backendRefs") is { Count: > 0 })
        {
            findings.Forbidden($"{rulePath}.backendRefs", "a rule that redirects has no backends");
        }
    }

    private void Redirect(JsonObject? redirect, string path)
    {
        if (redirect is null)
        {
            return;
        }

        findings.Range(redirect.Whole("port"), 1, 65535, FieldPath.Member(path, "port"));
        HttpRouteRules.StatusCode(redirect, FieldPath.Member(path, "statusCode"), findings);
        Target(redirect, path);
    }

    private void Target(JsonObject? target, string path)
    {
        if (target.Text("hostname") is { Length: > 0 } host && !HttpRouteRules.IsHost(host))
        {
            findings.Invalid(host, FieldPath.Member(path, "hostname"), Names.Dns1123SubdomainPhrase);
        }

        if (target.Object("path") is not { } change)
        {
            return;
        }

        var (wanted, other) = change.Text("type") == "ReplaceFullPath"
            ? ("replaceFullPath", "replacePrefixMatch")
            : ("replacePrefixMatch", "replaceFullPath");
        if (!change.Has(wanted))
        {
            findings.Missing($"{path}.path.{wanted}");
        }

        if (change.Has(other))
        {
            findings.Forbidden($"{path}.path.{other}", $"the type is {change.Text("type")}");
        }
    }
}
