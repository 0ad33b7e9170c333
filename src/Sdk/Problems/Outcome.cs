using System.Diagnostics.CodeAnalysis;

namespace Slipway.Sdk.Problems;

/// <summary>Either what was asked for, or the problem that stood in the way.</summary>
public readonly struct Outcome<T>
{
    private readonly T? _value;

    private Outcome(T? value, Problem? problem) => (_value, Problem) = (value, problem);

    public Problem? Problem { get; }

    public T Value => Problem is null ? _value! : throw new InvalidOperationException($"There is no value: {Problem.Detail}");

    public bool Is([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Problem? problem)
    {
        (value, problem) = (_value, Problem);
        return Problem is null;
    }

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Problem problem) => new(default, problem);
}
