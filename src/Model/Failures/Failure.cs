namespace Slipway.Model.Failures;

/// <summary>What sort of news a refused request is. The edges alone translate it into status codes.</summary>
public enum FailureKind
{
    /// <summary>The request cannot be read.</summary>
    Malformed,

    /// <summary>It can be read, but its content breaks rules.</summary>
    Invalid,

    NotFound,
    AlreadyExists,

    /// <summary>The caller's version is not the current one.</summary>
    Conflict,

    /// <summary>The version or page asked for is no longer kept.</summary>
    Expired,

    Forbidden,

    /// <summary>The store or a server behind us cannot answer now; the same request may succeed later.</summary>
    Unavailable,

    /// <summary>A bound was reached.</summary>
    Exhausted,
}

/// <summary>One finding about one field.</summary>
public sealed record Finding(string Reason, string Message, string Field);

/// <summary>
/// An expected failure: a value, not an exception. <see cref="Code"/> is stable and documented, programs branch on it;
/// <see cref="Detail"/> tells a person what happened and what to change.
/// </summary>
public sealed record Failure(FailureKind Kind, string Code, string Detail)
{
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    public override string ToString() => $"{Code}: {Detail}";
}

/// <summary>Either a value or the reason why there is none.</summary>
public readonly record struct Outcome<T>
{
    private readonly T? _value;

    private Outcome(T? value, Failure? failure)
    {
        _value = value;
        Failure = failure;
    }

    public Failure? Failure { get; }

    public bool Succeeded => Failure is null;

    /// <summary>The value; asking for it after a failure is a bug.</summary>
    public T Value => Failure is null ? _value! : throw new InvalidOperationException($"There is no value: {Failure}");

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Failure failure) => new(default, failure);
}
