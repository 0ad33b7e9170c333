using Slipway.Model.Resources;

namespace Slipway.Model.Monitoring;

/// <summary>Who hears of which alerts.</summary>
public sealed record AlertmanagerConfigSpec
{
    public AlertRouteSpec? Route { get; set; }

    public List<ReceiverSpec>? Receivers { get; set; }

    public List<InhibitRuleSpec>? InhibitRules { get; set; }
}

public sealed record AlertRouteSpec
{
    /// <summary>Empty below the top: the parent's.</summary>
    public string? Receiver { get; set; }

    public List<string>? GroupBy { get; set; }

    public string? GroupWait { get; set; }

    public string? GroupInterval { get; set; }

    public string? RepeatInterval { get; set; }

    public List<MatcherSpec>? Matchers { get; set; }

    public bool? Continue { get; set; }

    public List<AlertRouteSpec>? Routes { get; set; }
}

public sealed record MatcherSpec
{
    public string Name { get; set; } = "";

    public string? Value { get; set; }

    /// <summary><c>=</c>, <c>!=</c>, <c>=~</c> or <c>!~</c>.</summary>
    public string? MatchType { get; set; }

    /// <summary>The older way of saying <c>=~</c>.</summary>
    public bool? Regex { get; set; }
}

public sealed record InhibitRuleSpec
{
    public List<MatcherSpec>? SourceMatch { get; set; }

    public List<MatcherSpec>? TargetMatch { get; set; }

    /// <summary>Labels whose values must be the same in both.</summary>
    public List<string>? Equal { get; set; }
}

public sealed record ReceiverSpec
{
    public string Name { get; set; } = "";

    public List<WebhookReceiverSpec>? WebhookConfigs { get; set; }

    public List<SlackReceiverSpec>? SlackConfigs { get; set; }

    public List<PagerDutyReceiverSpec>? PagerdutyConfigs { get; set; }

    public List<EmailReceiverSpec>? EmailConfigs { get; set; }
}

/// <summary>One value of a Secret in the resource's namespace.</summary>
public sealed record SecretValueSpec
{
    public string Name { get; set; } = "";

    public string Key { get; set; } = "";
}

public sealed record NamedTextSpec
{
    public string Key { get; set; } = "";

    public string Value { get; set; } = "";
}

public sealed record WebhookReceiverSpec
{
    public bool? SendResolved { get; set; }

    public string? Url { get; set; }

    public SecretValueSpec? UrlSecret { get; set; }

    public HttpSpec? HttpConfig { get; set; }

    /// <summary>At most so many alerts in one message; zero stands for all.</summary>
    public int? MaxAlerts { get; set; }
}

public sealed record HttpSpec
{
    public AuthorizationSpec? Authorization { get; set; }

    public BasicAuthSpec? BasicAuth { get; set; }
}

public sealed record AuthorizationSpec
{
    public string? Type { get; set; }

    public SecretValueSpec? Credentials { get; set; }
}

public sealed record BasicAuthSpec
{
    public SecretValueSpec? Username { get; set; }

    public SecretValueSpec? Password { get; set; }
}

public sealed record SlackReceiverSpec
{
    public bool? SendResolved { get; set; }

    public SecretValueSpec? ApiURL { get; set; }

    public string? Channel { get; set; }

    public string? Username { get; set; }

    public string? IconEmoji { get; set; }

    public string? Color { get; set; }

    public string? Title { get; set; }

    public string? TitleLink { get; set; }

    public string? Pretext { get; set; }

    public string? Text { get; set; }

    public string? Fallback { get; set; }
}

public sealed record PagerDutyReceiverSpec
{
    public bool? SendResolved { get; set; }

    public SecretValueSpec? RoutingKey { get; set; }

    public string? Url { get; set; }

    public string? Client { get; set; }

    public string? ClientURL { get; set; }

    public string? Description { get; set; }

    public string? Severity { get; set; }

    public string? Class { get; set; }

    public string? Component { get; set; }

    public string? Group { get; set; }

    public List<NamedTextSpec>? Details { get; set; }
}

public sealed record EmailReceiverSpec
{
    public bool? SendResolved { get; set; }

    /// <summary>Addresses, separated by commas.</summary>
    public string? To { get; set; }

    public string? From { get; set; }

    public string? Hello { get; set; }

    /// <summary><c>host:port</c>; without one, mails are written into the spool folder.</summary>
    public string? Smarthost { get; set; }

    public string? AuthUsername { get; set; }

    public SecretValueSpec? AuthPassword { get; set; }

    public bool? RequireTLS { get; set; }

    public List<NamedTextSpec>? Headers { get; set; }

    public string? Text { get; set; }

    public string? Html { get; set; }
}

public sealed record AlertmanagerConfigStatus
{
    public long ObservedGeneration { get; set; }

    public List<Condition> Conditions { get; set; } = [];

    public int Receivers { get; set; }
}
