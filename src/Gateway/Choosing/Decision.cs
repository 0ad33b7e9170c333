using Slipway.Gateway.Forwarding;
using Slipway.Gateway.Policies;
using Slipway.Gateway.Refusals;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Choosing;

/// <summary>Where a request goes and what happens to it on the way. Filled in once per request, before it is admitted.</summary>
internal sealed class Decision
{
    public ServiceRoute? Service { get; set; }

    public RevisionShare? Share { get; set; }

    public Refusal? Refusal { get; set; }

    /// <summary>An answer the gateway gives itself that is no refusal: a redirect, a preflight.</summary>
    public DirectAnswer? Direct { get; set; }

    public RequestRewrite? Rewrite { get; set; }

    /// <summary>Header lines of the answer, each preceded by CRLF.</summary>
    public string AnswerFields { get; set; } = "";

    /// <summary>Lower-case names of answer fields that do not go on.</summary>
    public HashSet<string>? AnswerRemoved { get; set; }

    /// <summary>Fingerprint of the instance the client would like to meet again; 0 for none.</summary>
    public ulong Affinity { get; set; }

    /// <summary>The client's point on the line of percentages; set when the service keeps sessions.</summary>
    public int? SessionPoint { get; set; }

    public TimeSpan? RequestTimeout { get; set; }

    public TimeSpan? IdleTimeout { get; set; }

    public RetryRule? Retry { get; set; }

    public CircuitBreaker? Breaker { get; set; }

    public bool IsProbe { get; set; }

    /// <summary>Who the caller is, once a token was verified.</summary>
    public string? Subject { get; set; }

    public RequestRewrite Rewriting() => Rewrite ??= new RequestRewrite();

    public void RemoveFromAnswer(IEnumerable<string> names) => (AnswerRemoved ??= new HashSet<string>(StringComparer.OrdinalIgnoreCase)).UnionWith(names);
}

/// <param name="Fields">Header lines, each preceded by CRLF.</param>
internal sealed record DirectAnswer(int Status, string Reason, string Fields);
