using Slipway.Model.Failures;

namespace Slipway.Model.Validation;

/// <summary>The one message with which serving kinds are refused.</summary>
public static class ServingMessages
{
    public const string Prefix = "validation failed: ";

    /// <summary>
    /// Lines <c>{finding}: {paths}</c>, sorted; equal findings share a line. A finding's details follow on lines of
    /// their own.
    /// </summary>
    public static string Format(IEnumerable<Finding> findings)
    {
        var lines = findings
            .GroupBy(finding => finding.Message)
            .Select(group => Line(group.Key, group.Select(finding => finding.Field)))
            .Order(StringComparer.Ordinal);
        return Prefix + string.Join('\n', lines);
    }

    private static string Line(string message, IEnumerable<string> paths)
    {
        var end = message.IndexOf('\n', StringComparison.Ordinal);
        var finding = end < 0 ? message : message[..end];
        var details = end < 0 ? "" : message[end..];
        return $"{finding}: {string.Join(", ", paths.Distinct().Order(StringComparer.Ordinal))}{details}";
    }
}
