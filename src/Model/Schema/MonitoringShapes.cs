using static Slipway.Model.Schema.Define;

namespace Slipway.Model.Schema;

/// <summary>PrometheusRule and AlertmanagerConfig.</summary>
internal static class MonitoringShapes
{
    public static readonly Shape PrometheusRule = Metadata.Kind(
        "Expressions that are evaluated again and again, to record what they come to or to alert.",
        Object(
            "spec",
            "The rules.",
            ListBy(
                "name",
                "groups",
                "Groups of rules; those of one group are evaluated one after the other.",
                Text("name", "Name of the group, once in this resource.").Required(),
                Text("interval", "How often it is evaluated, such as 30s."),
                Text("query_offset", "Evaluates as of so long ago."),
                Int("limit", "How many alerts or series a rule may come to; 0 stands for the installation's bound."),
                Text("partial_response_strategy", "Thanos only.").Gated(),
                TextMap("labels", "Labels that all results of the group get."),
                List(
                    "rules",
                    "The rules, in order.",
                    Text("alert", "Name of the alert."),
                    Text("record", "Name of the series that keeps the result."),
                    new Field("expr", new Shape(ShapeType.IntOrString, "The expression.")).Required(),
                    Text("for", "How long the expression must hold before the alert fires."),
                    Text("keep_firing_for", "How long the alert goes on firing after the expression has ceased to hold."),
                    TextMap("labels", "Labels of the alert or series; those of alerts are templates."),
                    TextMap("annotations", "What the alert tells; templates."))).AtomicForApply()),
        Object(
            "status",
            "The observed state.",
            Metadata.ObservedGeneration,
            Metadata.Conditions,
            Int("rules", "Rules that are evaluated."),
            Int("groups", "Groups that are evaluated.")));

    public static readonly Shape AlertmanagerConfig = Metadata.Kind(
        "Who hears of which alerts, and when.",
        Object(
            "spec",
            "Routes, receivers and what silences what.",
            Object(
                "route",
                "Where alerts go; the top of the tree.",
                Text("receiver", "Name of a receiver."),
                Texts("groupBy", "Labels whose values tell groups apart; \"...\" makes a group of every alert."),
                Text("groupWait", "How long a new group waits for more alerts before its first message."),
                Text("groupInterval", "How long a group waits between messages when alerts came or went."),
                Text("repeatInterval", "After which time a message is repeated though nothing changed."),
                Matchers("matchers", "Alerts this route takes; all must hold."),
                Flag("continue", "Goes on to later routes after this one took an alert."),
                Anything("routes", "Routes below this one, of the same form."),
                Texts("muteTimeIntervals", "Not supported.").Gated(),
                Texts("activeTimeIntervals", "Not supported.").Gated()),
            List(
                "receivers",
                "Who can be told.",
                Text("name", "Name of the receiver.").Required(),
                Webhooks,
                Slack,
                PagerDuty,
                Emails),
            List(
                "inhibitRules",
                "Alerts that say nothing while others fire.",
                Matchers("sourceMatch", "The alerts that must fire."),
                Matchers("targetMatch", "The alerts that are not told meanwhile."),
                Texts("equal", "Labels whose values must be the same in both.")),
            Anything("muteTimeIntervals", "Not supported.").Gated(),
            Anything("timeIntervals", "Not supported.").Gated()),
        Object(
            "status",
            "The observed state.",
            Metadata.ObservedGeneration,
            Metadata.Conditions,
            Int("receivers", "Receivers that are served.")));

    private static Field Webhooks => List(
        "webhookConfigs",
        "Addresses that get Alertmanager's JSON.",
        Resolved,
        Text("url", "The address."),
        SecretValue("urlSecret", "The address, in a Secret."),
        Object(
            "httpConfig",
            "How to identify ourselves.",
            Object("authorization", "A header Authorization.", Text("type", "Bearer unless said otherwise."), SecretValue("credentials", "What follows the type.")),
            Object("basicAuth", "A name and a password.", SecretValue("username", "The name."), SecretValue("password", "The password."))),
        Int("maxAlerts", "At most so many alerts in one message; 0 stands for all."));

    private static Field Slack => List(
        "slackConfigs",
        "Channels of Slack, or of what takes its messages.",
        Resolved,
        SecretValue("apiURL", "The address of the incoming webhook."),
        Text("channel", "The channel."),
        Text("username", "Under which name."),
        Text("iconEmoji", "An emoji as picture."),
        Text("color", "Colour of the bar; a template."),
        Text("title", "Heading; a template."),
        Text("titleLink", "Where the heading leads; a template."),
        Text("pretext", "Above the message; a template."),
        Text("text", "The message; a template."),
        Text("fallback", "The message without format; a template."));

    private static Field PagerDuty => List(
        "pagerdutyConfigs",
        "PagerDuty, by its Events API v2.",
        Resolved,
        SecretValue("routingKey", "The integration key."),
        Text("url", "Another address than PagerDuty's own."),
        Text("client", "Who says it; a template."),
        Text("clientURL", "Where to read on; a template."),
        Text("description", "The summary; a template."),
        Text("severity", "critical, error, warning or info; a template."),
        Text("class", "Class of the event; a template."),
        Text("component", "The part that is concerned; a template."),
        Text("group", "The group of parts; a template."),
        List("details", "Further details; templates.", Text("key", "Name.").Required(), Text("value", "Value.").Required()));

    private static Field Emails => List(
        "emailConfigs",
        "Mails.",
        Resolved,
        Text("to", "Addresses, separated by commas."),
        Text("from", "The sender's address."),
        Text("hello", "The name we introduce ourselves with."),
        Text("smarthost", "host:port of the mail server; without one, mails are written into a folder."),
        Text("authUsername", "Name of the account."),
        SecretValue("authPassword", "Password of the account."),
        Flag("requireTLS", "Refuses servers without TLS; true unless said otherwise."),
        List("headers", "Further headers; templates.", Text("key", "Name.").Required(), Text("value", "Value.").Required()),
        Text("text", "The mail as plain text; a template."),
        Text("html", "The mail as HTML; a template."));

    private static Field Resolved => Flag("sendResolved", "Also tells when alerts are over.");

    private static Field Matchers(string name, string description) => List(
        name,
        description,
        Text("name", "The label."),
        Text("value", "The value or expression."),
        Text("matchType", "One of =, !=, =~ and !~; = unless said otherwise."),
        Flag("regex", "The older way of saying =~."));

    private static Field SecretValue(string name, string description) => Object(
        name,
        description,
        Text("name", "The Secret, in the same namespace.").Required(),
        Text("key", "Its key.").Required(),
        Flag("optional", "Ignored."));
}
