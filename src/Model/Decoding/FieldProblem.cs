namespace Slipway.Model.Decoding;

public enum FieldProblemKind
{
    /// <summary>The kind has no such field; depending on the caller's wish it is dropped or refused.</summary>
    Unknown,

    /// <summary>The field exists but its value is of another type; always refused.</summary>
    IllTyped,

    /// <summary>The same key stands twice in one object; the last one wins when the caller tolerates it.</summary>
    Duplicate,
}

/// <summary>One place of a manifest that does not fit the schema.</summary>
public sealed record FieldProblem(FieldProblemKind Kind, string Path, string Message)
{
    public static FieldProblem Unknown(string path) =>
        new(FieldProblemKind.Unknown, path, $"unknown field \"{path}\"");

    public static FieldProblem Duplicate(string path) =>
        new(FieldProblemKind.Duplicate, path, $"duplicate field \"{path}\"");

    public static FieldProblem IllTyped(string path, string expected, string found) =>
        new(FieldProblemKind.IllTyped, path, $"field \"{path}\": expected {expected}, got {found}");
}
