namespace Slipway.Telemetry.Alerts.Templates;

/// <summary>One piece of a template.</summary>
internal abstract record TemplateNode
{
    public sealed record Text(string Content) : TemplateNode;

    /// <param name="Variable">With one, the value is remembered and not written.</param>
    public sealed record Output(Pipeline Pipeline, string? Variable) : TemplateNode;

    public sealed record If(Pipeline Condition, IReadOnlyList<TemplateNode> Then, IReadOnlyList<TemplateNode> Else) : TemplateNode;

    /// <summary>Like a condition, but what was found is the dot inside.</summary>
    public sealed record With(Pipeline Subject, string? Variable, IReadOnlyList<TemplateNode> Then, IReadOnlyList<TemplateNode> Else) : TemplateNode;

    public sealed record Range(Pipeline Items, string? Key, string? Value, IReadOnlyList<TemplateNode> Body, IReadOnlyList<TemplateNode> Else) : TemplateNode;
}

/// <summary>Commands, each of which gets what the one before came to as its last argument.</summary>
internal sealed record Pipeline(IReadOnlyList<IReadOnlyList<Operand>> Commands);

internal abstract record Operand
{
    public sealed record Literal(object? Value) : Operand;

    /// <param name="Variable">Null for the dot, empty for <c>$</c>, else a name.</param>
    public sealed record Path(string? Variable, IReadOnlyList<string> Names) : Operand;

    public sealed record Function(string Name) : Operand;

    public sealed record Nested(Pipeline Pipeline, IReadOnlyList<string> Names) : Operand;
}

/// <summary>A template that cannot be read or cannot be filled in, with what is wrong in words.</summary>
internal sealed class TemplateException(string message) : Exception(message);
