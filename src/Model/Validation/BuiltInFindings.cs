namespace Slipway.Model.Validation;

/// <summary>The words of Kubernetes for its own kinds; each finding becomes one cause of a 422.</summary>
internal sealed class BuiltInFindings : FindingList
{
    public override void Missing(string path) => Add(FindingReasons.Required, "Required value", path);

    public override void Forbidden(string path, string? detail = null) =>
        Add(FindingReasons.Forbidden, $"Forbidden: {detail ?? "this field cannot be set here"}", path);

    public override void NoneOf(string parent, params string[] names) =>
        Add(FindingReasons.Required, $"Required value: exactly one of {string.Join(", ", names)} must be set", parent);

    public override void SeveralOf(string parent, params string[] names) =>
        Add(FindingReasons.Forbidden, $"Forbidden: only one of {string.Join(", ", names)} may be set", parent);

    public override void Invalid(string value, string path, string detail) =>
        Add(FindingReasons.Invalid, $"Invalid value: \"{Shown(value)}\": {detail}", path);

    public override void InvalidKey(string key, string path, string detail) => Invalid(key, path, detail);

    public override void NotSupported(string value, string path, IReadOnlyList<string> choices) => Add(
        FindingReasons.NotSupported,
        $"Unsupported value: \"{Shown(value)}\": supported values: {string.Join(", ", choices.Select(choice => $"\"{choice}\""))}",
        path);

    public override void Duplicate(string value, string path, string what) =>
        Add(FindingReasons.Duplicate, $"Duplicate value: \"{Shown(value)}\"", path);

    public override void Reserved(string value, string path, string what) => Invalid(value, path, $"is a reserved {what}");

    public override void Immutable(string path, string detail) =>
        Add(FindingReasons.Invalid, $"Invalid value: field is immutable: {detail}", path);

    public override void Conflict(string message, string detail, params string[] paths) =>
        Add(FindingReasons.Invalid, $"Invalid value: {message}{(detail.Length == 0 ? "" : $": {detail}")}", paths[0]);

    public override void OutOfRange(string value, string low, string high, string path) =>
        Add(FindingReasons.Invalid, $"Invalid value: {value}: must be between {low} and {high}, inclusive", path);
}
