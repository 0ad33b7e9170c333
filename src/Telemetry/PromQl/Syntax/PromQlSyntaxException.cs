namespace Slipway.Telemetry.PromQl.Syntax;

/// <summary>The text is no expression. The message starts with line and column, counted from one.</summary>
internal sealed class PromQlSyntaxException : Exception
{
    public PromQlSyntaxException(string expression, int offset, string problem)
        : base(Describe(expression, offset, problem))
    {
    }

    private static string Describe(string expression, int offset, string problem)
    {
        var before = expression.AsSpan(0, Math.Clamp(offset, 0, expression.Length));
        var line = before.Count('\n') + 1;
        var column = before.Length - (before.LastIndexOf('\n') + 1) + 1;
        return $"{line}:{column}: parse error: {problem}";
    }
}
