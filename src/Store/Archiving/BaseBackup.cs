using System.Globalization;

namespace Slipway.Store.Archiving;

/// <summary>A copy of the whole data folder, good together with the log from its first segment on.</summary>
/// <param name="CompleteAt">When it was complete: the earliest moment it leads to.</param>
/// <param name="FirstSegment">The file of the log its recovery begins with.</param>
internal sealed record BaseBackup(string Path, DateTimeOffset CompleteAt, string FirstSegment, long Bytes)
{
    public const string Ending = ".tar.gz";

    private const string Stamp = "yyyyMMdd'T'HHmmssfff'Z'";

    public static string NameOf(DateTimeOffset completeAt, string firstSegment) =>
        completeAt.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture) + "-" + firstSegment + Ending;

    /// <summary>Null for a file that is no finished copy.</summary>
    public static BaseBackup? Of(FileInfo file)
    {
        if (!file.Name.EndsWith(Ending, StringComparison.Ordinal) || file.Name[..^Ending.Length].Split('-') is not [var stamp, var segment] || !WalFile.IsSegment(segment))
        {
            return null;
        }

        return DateTimeOffset.TryParseExact(stamp, Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? new BaseBackup(file.FullName, at, segment, file.Length)
            : null;
    }
}

/// <summary>A file of the log in the archive.</summary>
internal sealed record WalFile(string Path, string Segment, long Bytes)
{
    public const string Ending = ".gz";

    private const int NameLength = 24;
    private const int TimelineLength = 8;

    public static bool IsSegment(string name) => name.Length == NameLength && name.All(char.IsAsciiHexDigitUpper);

    /// <summary>Null for what is no segment: notes about copies and timelines are small and stay.</summary>
    public static WalFile? Of(FileInfo file) =>
        file.Name.EndsWith(Ending, StringComparison.Ordinal) && IsSegment(file.Name[..^Ending.Length]) ? new WalFile(file.FullName, file.Name[..^Ending.Length], file.Length) : null;

    /// <summary>Whether a recovery that begins with the other segment never asks for this one.</summary>
    public bool IsBefore(string segment) => string.CompareOrdinal(Segment[TimelineLength..], segment[TimelineLength..]) < 0;
}
