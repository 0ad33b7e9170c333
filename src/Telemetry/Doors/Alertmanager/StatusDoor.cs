using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Model.Values;
using Slipway.Telemetry.Alerts;
using Slipway.Telemetry.Alerts.Routing;

namespace Slipway.Telemetry.Doors.Alertmanager;

/// <summary><c>/api/v2/status</c> and <c>/api/v2/receivers</c>.</summary>
internal static class StatusDoor
{
    /// <summary>The version of Alertmanager whose API this is; its tools compare.</summary>
    private const string Version = "0.25.0";

    public static Task StatusAsync(HttpContext http, AlertEngine engine) => Replies.WriteAsync(http, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("cluster");
        writer.WriteString("name", "slipway");
        writer.WriteStartArray("peers");
        writer.WriteEndArray();
        writer.WriteString("status", "disabled");
        writer.WriteEndObject();
        writer.WriteStartObject("config");
        writer.WriteString("original", Original(engine.Dispatcher.Plan));
        writer.WriteEndObject();
        writer.WriteString("uptime", Replies.Time(engine.Started));
        writer.WriteStartObject("versionInfo");
        foreach (var name in new[] { "branch", "buildDate", "buildUser", "goVersion" })
        {
            writer.WriteString(name, "");
        }

        writer.WriteString("revision", "slipway");
        writer.WriteString("version", Version);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    public static Task ReceiversAsync(HttpContext http, AlertEngine engine) => Replies.WriteAsync(http, writer =>
    {
        writer.WriteStartArray();
        foreach (var name in engine.Dispatcher.Plan.Receivers.Keys.Order(StringComparer.Ordinal))
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    /// <summary>All configurations as one of Alertmanager's, so that <c>amtool config routes</c> can draw and test it. Addresses and secrets are not part of it.</summary>
    private static string Original(RoutingPlan plan)
    {
        var text = new StringBuilder("route:\n  receiver: \"nobody\"\n");
        if (plan.Roots.Count > 0)
        {
            text.Append("  routes:\n");
            foreach (var root in plan.Roots)
            {
                // Every configuration has its own say, which in one tree means that each goes on to the next.
                Write(text, root with { Continue = true }, "  ");
            }
        }

        text.Append("receivers:\n- name: \"nobody\"\n");
        foreach (var name in plan.Receivers.Keys.Order(StringComparer.Ordinal))
        {
            text.Append("- name: ").Append(Quoted(name)).Append('\n');
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, Route route, string indent)
    {
        text.Append(indent).Append("- receiver: ").Append(Quoted(route.Receiver)).Append('\n');
        var inner = indent + "  ";
        var groups = route.GroupBy is null ? Quoted("...") : string.Join(", ", route.GroupBy.Select(Quoted));
        if (groups.Length > 0)
        {
            text.Append(inner).Append("group_by: [").Append(groups).Append("]\n");
        }

        if (route.Matchers.Count > 0)
        {
            text.Append(inner).Append("matchers:\n");
            foreach (var matcher in route.Matchers)
            {
                text.Append(inner).Append("- ").Append(Quoted($"{matcher.Name}{MatcherText.Sign(matcher.Kind)}{Quoted(matcher.Value)}")).Append('\n');
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"{inner}continue: {(route.Continue ? "true" : "false")}\n")
            .Append(CultureInfo.InvariantCulture, $"{inner}group_wait: {PrometheusDuration.Format(route.GroupWait)}\n")
            .Append(CultureInfo.InvariantCulture, $"{inner}group_interval: {PrometheusDuration.Format(route.GroupInterval)}\n")
            .Append(CultureInfo.InvariantCulture, $"{inner}repeat_interval: {PrometheusDuration.Format(route.RepeatInterval)}\n");
        if (route.Routes.Count > 0)
        {
            text.Append(inner).Append("routes:\n");
            foreach (var below in route.Routes)
            {
                Write(text, below, inner);
            }
        }
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
