using Slipway.Model.Failures;
using Slipway.Telemetry.PromQl.Syntax;

namespace Slipway.Telemetry.PromQl;

/// <summary>Reads PromQL, for asking and for checking rules before they are kept.</summary>
public static class PromQlParser
{
    public const string BadExpression = "bad-expression";

    /// <returns>The expression, or a failure <see cref="BadExpression"/> whose detail begins with line and column.</returns>
    public static Outcome<PromQlNode> Parse(string expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        try
        {
            return ExpressionReader.Read(expression);
        }
        catch (PromQlSyntaxException problem)
        {
            return new Failure(FailureKind.Malformed, BadExpression, problem.Message);
        }
    }

    /// <summary>Reads a single selector, as the doors take them to name series.</summary>
    internal static Outcome<SelectorNode> ParseSelector(string text)
    {
        var read = Parse(text);
        return read.Failure is { } failure ? failure
            : read.Value is SelectorNode { Placement: { Pin: PinKind.None, Offset: 0 } } selector ? selector
            : new Failure(FailureKind.Malformed, BadExpression, $"1:1: parse error: expected a series selector such as up{{job=\"api\"}}, got {PromQlPrinter.Name(read.Value.Type)} expression");
    }
}
