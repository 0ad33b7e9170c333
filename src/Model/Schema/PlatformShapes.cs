using static Slipway.Model.Schema.Define;

namespace Slipway.Model.Schema;

/// <summary>HTTPRoute, TrafficPolicy and Database.</summary>
internal static class PlatformShapes
{
    public static readonly Shape HttpRoute = Metadata.Kind(
        "Hosts and paths over one or several services.",
        Object(
            "spec",
            "The desired state.",
            List("parentRefs", "The gateways the route belongs to.", ParentFields()),
            Texts("hostnames", "Hosts the route answers; *.example.com matches one or more labels."),
            List(
                "rules",
                "What is sent where.",
                Text("name", "Name of the rule."),
                List("matches", "Requests the rule is for; any one of them suffices.", MatchFields()),
                List("filters", "Changes of the request or the answer.", FilterFields()),
                List(
                    "backendRefs",
                    "Who answers.",
                    Text("group", "API group of the backend."),
                    Text("kind", "Kind of the backend; Service when nothing is said."),
                    Text("namespace", "Namespace of the backend."),
                    Text("name", "Name of the backend.").Required(),
                    Int("port", "Port of the backend."),
                    Int("weight", "Share among the backends; 1 when nothing is said."),
                    Anything("filters", "Changes for one backend.").Gated()),
                Object(
                    "timeouts",
                    "Limits of time.",
                    Text("request", "The whole request with its retries, such as 30s; 0s sets no limit."),
                    Text("backendRequest", "One try.")),
                Object(
                    "retry",
                    "When a request is tried again.",
                    Ints("codes", "Answers that are tried again."),
                    Int("attempts", "How many times more."),
                    Text("backoff", "Shortest wait between tries.")),
                Anything("sessionPersistence", "Keeping a client on one backend.").Gated())),
        Object(
            "status",
            "The observed state.",
            List(
                "parents",
                "How each gateway sees the route.",
                Object("parentRef", "The gateway.", ParentFields()),
                Text("controllerName", "Who wrote this."),
                Metadata.Conditions)));

    public static readonly Shape TrafficPolicy = Metadata.Kind(
        "Rules the gateway applies to a Service or an HTTPRoute.",
        Object(
            "spec",
            "The desired state.",
            Object(
                "targetRef",
                "What the rules are for.",
                Text("group", "API group of the target."),
                Choice("kind", "Kind of the target.", "Service", "HTTPRoute").Required(),
                Text("name", "Name of the target.").Required()).Required(),
            List(
                "rateLimits",
                "How many requests are let through; each limit is counted for itself.",
                Text("name", "Name of the limit, shown to callers."),
                Choice("key", "Who shares one count.", "ip", "caller", "route"),
                Number("requestsPerSecond", "Refill per second; fractions are fine.").Required(),
                Int("burst", "How many may come at once."),
                Text("pathPrefix", "Only paths under this prefix count.")),
            Object(
                "retry",
                "When a failed request is tried again.",
                Int("attempts", "How many times more, 0 to 10."),
                Int("budgetPercent", "The most that retries may add to the requests of the last ten seconds.")),
            Object(
                "timeouts",
                "Limits of time, such as 30s; 0s sets no limit.",
                Text("request", "The whole request."),
                Text("idle", "Silence on an open connection.")),
            Object(
                "circuitBreaker",
                "When a failing backend is left alone for a while.",
                Flag("enabled", "Whether it is on."),
                Text("timeout", "An answer later than this counts as failed."),
                Int("failurePercent", "Share of failures that opens the circuit."),
                Text("window", "The time that is looked at."),
                Int("requestsMin", "Fewer requests than this decide nothing."),
                Text("reset", "How long the circuit stays open.")),
            Object(
                "cors",
                "Which web pages may call.",
                Texts("allowOrigins", "Origins, such as https://shop.example; * allows all."),
                Texts("allowMethods", "Methods."),
                Texts("allowHeaders", "Request headers."),
                Texts("exposeHeaders", "Answer headers pages may read."),
                Flag("allowCredentials", "Whether cookies may be sent."),
                Int("maxAgeSeconds", "How long browsers may keep this.")),
            Object(
                "authentication",
                "Who may call.",
                Choice("mode", "none, or jwt for a signed token.", "none", "jwt"),
                Text("issuer", "Who must have issued the token."),
                Texts("audiences", "Whom the token must be for; any one suffices."),
                Text("jwksSecretName", "The Secret with the keys."),
                Text("issuerService", "A Service that issues the tokens; its name and keys are fetched."),
                Flag("passApiKeys", "Let API keys pass, for services that check them themselves."),
                Flag("allowAnonymous", "Let requests without a token pass; a token that is there must be right."),
                Texts("allowPaths", "Paths that need no token."))),
        Object("status", "The observed state.", Metadata.ObservedGeneration, Metadata.Conditions));

    public static readonly Shape Database = Metadata.Kind(
        "A database and a role of its own.",
        Object(
            "spec",
            "The desired state.",
            Texts("services", "Workloads of the namespace that get the connection string."),
            Text("databaseName", "Name inside the server. Cannot change."),
            Int("connectionLimit", "The most connections the role may hold."),
            Choice("deletionPolicy", "What becomes of the data when the resource goes.", "Retain", "Delete")),
        Object(
            "status",
            "The observed state.",
            Metadata.ObservedGeneration,
            Metadata.Conditions,
            Text("databaseName", "Name inside the server."),
            Text("role", "The role."),
            Text("secretName", "The Secret with the connection string.")));

    private static Field[] ParentFields() =>
    [
        Text("group", "API group of the parent."),
        Text("kind", "Kind of the parent; Gateway when nothing is said."),
        Text("namespace", "Namespace of the parent."),
        Text("name", "Name of the parent.").Required(),
        Text("sectionName", "A listener of the parent."),
        Int("port", "A port of the parent."),
    ];

    private static Field[] MatchFields() =>
    [
        Object(
            "path",
            "The path.",
            Choice("type", "How the path is compared.", "Exact", "PathPrefix", "RegularExpression"),
            Text("value", "What it is compared with.")),
        List("headers", "Headers that must all match.", NamedFields()),
        List("queryParams", "Query parameters that must all match.", NamedFields()),
        Text("method", "The method."),
    ];

    private static Field[] NamedFields() =>
    [
        Choice("type", "How the value is compared.", "Exact", "RegularExpression"),
        Text("name", "The name.").Required(),
        Text("value", "What it is compared with.").Required(),
    ];

    private static Field[] FilterFields() =>
    [
        Choice(
            "type",
            "Which filter this is.",
            "RequestHeaderModifier",
            "ResponseHeaderModifier",
            "RequestRedirect",
            "URLRewrite").Required(),
        Modifier("requestHeaderModifier", "Changes headers of the request."),
        Modifier("responseHeaderModifier", "Changes headers of the answer."),
        Object(
            "requestRedirect",
            "Answers with another address.",
            Choice("scheme", "The new scheme.", "http", "https"),
            Text("hostname", "The new host."),
            PathChange(),
            Int("port", "The new port."),
            Int("statusCode", "301, 302, 303, 307 or 308.")),
        Object("urlRewrite", "Changes the address on the way.", Text("hostname", "The new host."), PathChange()),
        Anything("requestMirror", "Copies requests.").Gated(),
        Anything("cors", "Cross-origin rules; use a TrafficPolicy.").Gated(),
        Anything("externalAuth", "Asks another service.").Gated(),
        Anything("extensionRef", "A filter of another kind.").Gated(),
    ];

    private static Field Modifier(string name, string description) => Object(
        name,
        description,
        List("set", "Headers that get this value.", Text("name", "Name.").Required(), Text("value", "Value.").Required()),
        List("add", "Headers that get this value as well.", Text("name", "Name.").Required(), Text("value", "Value.").Required()),
        Texts("remove", "Headers that are taken out."));

    private static Field PathChange() => Object(
        "path",
        "The new path.",
        Choice("type", "What is replaced.", "ReplaceFullPath", "ReplacePrefixMatch").Required(),
        Text("replaceFullPath", "The whole new path."),
        Text("replacePrefixMatch", "What stands for the matched prefix."));
}
