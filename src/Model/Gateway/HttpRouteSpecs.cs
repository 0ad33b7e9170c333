using Slipway.Model.Resources;

namespace Slipway.Model.Gateway;

public sealed record HttpRouteSpec
{
    public List<ParentReference>? ParentRefs { get; set; }

    public List<string>? Hostnames { get; set; }

    public List<HttpRouteRule>? Rules { get; set; }
}

public sealed record ParentReference
{
    public string? Group { get; set; }

    public string? Kind { get; set; }

    public string? Namespace { get; set; }

    public string Name { get; set; } = "";

    public string? SectionName { get; set; }

    public int? Port { get; set; }
}

public sealed record HttpRouteRule
{
    public string? Name { get; set; }

    public List<HttpRouteMatch>? Matches { get; set; }

    public List<HttpRouteFilter>? Filters { get; set; }

    public List<HttpBackendReference>? BackendRefs { get; set; }

    public HttpRouteTimeouts? Timeouts { get; set; }

    public HttpRouteRetry? Retry { get; set; }
}

public sealed record HttpRouteMatch
{
    public PathMatch? Path { get; set; }

    public List<NamedMatch>? Headers { get; set; }

    public List<NamedMatch>? QueryParams { get; set; }

    public string? Method { get; set; }
}

public sealed record PathMatch
{
    /// <summary><c>Exact</c>, <c>PathPrefix</c> or <c>RegularExpression</c>.</summary>
    public string? Type { get; set; }

    public string? Value { get; set; }
}

public sealed record NamedMatch
{
    public string? Type { get; set; }

    public string Name { get; set; } = "";

    public string Value { get; set; } = "";
}

public sealed record HttpBackendReference
{
    public string? Group { get; set; }

    public string? Kind { get; set; }

    public string? Namespace { get; set; }

    public string Name { get; set; } = "";

    public int? Port { get; set; }

    public int? Weight { get; set; }
}

public sealed record HttpRouteFilter
{
    public string Type { get; set; } = "";

    public HeaderModifier? RequestHeaderModifier { get; set; }

    public HeaderModifier? ResponseHeaderModifier { get; set; }

    public RequestRedirect? RequestRedirect { get; set; }

    public UrlRewrite? UrlRewrite { get; set; }
}

public sealed record HeaderModifier
{
    public List<HeaderValue>? Set { get; set; }

    public List<HeaderValue>? Add { get; set; }

    public List<string>? Remove { get; set; }
}

public sealed record HeaderValue
{
    public string Name { get; set; } = "";

    public string Value { get; set; } = "";
}

public sealed record RequestRedirect
{
    public string? Scheme { get; set; }

    public string? Hostname { get; set; }

    public PathModifier? Path { get; set; }

    public int? Port { get; set; }

    public int? StatusCode { get; set; }
}

public sealed record UrlRewrite
{
    public string? Hostname { get; set; }

    public PathModifier? Path { get; set; }
}

public sealed record PathModifier
{
    /// <summary><c>ReplaceFullPath</c> or <c>ReplacePrefixMatch</c>.</summary>
    public string Type { get; set; } = "";

    public string? ReplaceFullPath { get; set; }

    public string? ReplacePrefixMatch { get; set; }
}

public sealed record HttpRouteTimeouts
{
    public string? Request { get; set; }

    public string? BackendRequest { get; set; }
}

public sealed record HttpRouteRetry
{
    public List<int>? Codes { get; set; }

    public int? Attempts { get; set; }

    public string? Backoff { get; set; }
}

public sealed record HttpRouteStatus
{
    public List<HttpRouteParentStatus>? Parents { get; set; }
}

public sealed record HttpRouteParentStatus
{
    public ParentReference ParentRef { get; set; } = new();

    public string ControllerName { get; set; } = "";

    public List<Condition> Conditions { get; set; } = [];
}
