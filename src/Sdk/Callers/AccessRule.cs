namespace Slipway.Sdk.Callers;

/// <summary>What an endpoint asks of its callers. Several rules of one endpoint all have to hold.</summary>
internal abstract record AccessRule
{
    public sealed record Scope(string Name) : AccessRule;

    public sealed record Role(string Name) : AccessRule;

    public sealed record AnyCaller : AccessRule;

    /// <summary>Lifts what was declared before it, usually by the group the endpoint is in.</summary>
    public sealed record Open(string Reason) : AccessRule;

    /// <summary>The rules that count, of all that were declared from the outermost group inwards; null if nothing was declared.</summary>
    public static IReadOnlyList<AccessRule>? InForce(IReadOnlyList<AccessRule> declared)
    {
        if (declared.Count == 0)
        {
            return null;
        }

        var inForce = new List<AccessRule>(declared.Count);
        foreach (var rule in declared)
        {
            if (rule is Open)
            {
                inForce.Clear();
            }
            else
            {
                inForce.Add(rule);
            }
        }

        return inForce;
    }
}
