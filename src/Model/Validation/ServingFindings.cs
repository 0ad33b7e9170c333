using Slipway.Model.Decoding;

namespace Slipway.Model.Validation;

/// <summary>
/// The words of Knative: the first line of a message is the finding, merged with equal ones; lines below it are details.
/// </summary>
internal sealed class ServingFindings : FindingList
{
    public override void Missing(string path) => Add(FindingReasons.Required, "missing field(s)", path);

    public override void Forbidden(string path, string? detail = null) =>
        Add(FindingReasons.Forbidden, With("must not set the field(s)", detail), path);

    public override void NoneOf(string parent, params string[] names) =>
        OneOf(FindingReasons.Required, "expected exactly one, got neither", parent, names);

    public override void SeveralOf(string parent, params string[] names) =>
        OneOf(FindingReasons.Invalid, "expected exactly one, got both", parent, names);

    public override void Invalid(string value, string path, string detail) =>
        Add(FindingReasons.Invalid, With($"invalid value: {Shown(value)}", detail), path);

    public override void InvalidKey(string key, string path, string detail) =>
        Add(FindingReasons.Invalid, With($"invalid key name \"{Shown(key)}\"", detail), path);

    public override void NotSupported(string value, string path, IReadOnlyList<string> choices) => Add(
        FindingReasons.NotSupported,
        With($"invalid value: {Shown(value)}", $"expected one of: {string.Join(", ", choices.Where(choice => choice.Length > 0))}"),
        path);

    public override void Duplicate(string value, string path, string what) =>
        Add(FindingReasons.Duplicate, $"duplicate {what} \"{Shown(value)}\"", path);

    public override void Reserved(string value, string path, string what) =>
        Add(FindingReasons.Invalid, $"\"{Shown(value)}\" is a reserved {what}", path);

    public override void Immutable(string path, string detail) =>
        Add(FindingReasons.Forbidden, With("immutable field changed", detail), path);

    public override void Conflict(string message, string detail, params string[] paths)
    {
        foreach (var path in paths)
        {
            Add(FindingReasons.Invalid, With(message, detail), path);
        }
    }

    public override void OutOfRange(string value, string low, string high, string path) =>
        Add(FindingReasons.Invalid, $"expected {low} <= {value} <= {high}", path);

    private static string With(string finding, string? detail) => string.IsNullOrEmpty(detail) ? finding : $"{finding}\n{detail}";

    private void OneOf(string reason, string finding, string parent, string[] names)
    {
        foreach (var name in names)
        {
            Add(reason, finding, FieldPath.Member(parent, name));
        }
    }
}
