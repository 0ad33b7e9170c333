using System.Globalization;
using Slipway.Model.Failures;

namespace Slipway.Model.Validation;

/// <summary>
/// Collects what is wrong with a manifest. Serving kinds and built-in kinds word the same finding differently, so the
/// rules say what they found and the list finds the words.
/// </summary>
internal abstract class FindingList
{
    private readonly List<Finding> _findings = [];

    public IReadOnlyList<Finding> All => _findings;

    public abstract void Missing(string path);

    public abstract void Forbidden(string path, string? detail = null);

    /// <summary>None of the named members of an object is set, though exactly one must be.</summary>
    public abstract void NoneOf(string parent, params string[] names);

    /// <summary>Several of the named members are set, though exactly one must be.</summary>
    public abstract void SeveralOf(string parent, params string[] names);

    public abstract void Invalid(string value, string path, string detail);

    public abstract void InvalidKey(string key, string path, string detail);

    public abstract void NotSupported(string value, string path, IReadOnlyList<string> choices);

    public abstract void Duplicate(string value, string path, string what);

    public abstract void Reserved(string value, string path, string what);

    public abstract void Immutable(string path, string detail);

    /// <summary>A finding about several places at once.</summary>
    public abstract void Conflict(string message, string detail, params string[] paths);

    public abstract void OutOfRange(string value, string low, string high, string path);

    public void OutOfRange(long value, long low, long high, string path) => OutOfRange(
        value.ToString(CultureInfo.InvariantCulture),
        low.ToString(CultureInfo.InvariantCulture),
        high.ToString(CultureInfo.InvariantCulture),
        path);

    /// <summary>Reports a value outside the bounds; absent values are fine.</summary>
    public void Range(long? value, long low, long high, string path)
    {
        if (value < low || value > high)
        {
            OutOfRange(value.Value, low, high, path);
        }
    }

    protected void Add(string reason, string message, string path) => _findings.Add(new Finding(reason, message, path));

    // A value may be a whole file with line ends; a finding is one line.
    protected static string Shown(string value)
    {
        var oneLine = value.ReplaceLineEndings("\\n");
        return oneLine.Length <= 256 ? oneLine : string.Concat(oneLine.AsSpan(0, 253), "...");
    }
}
