using System.Globalization;
using System.Text.RegularExpressions;

namespace Todo.Api.Live;

/// <summary>
/// How far somebody has followed the changes: exactly the transactions a snapshot of the database could see. Numbers given out by a
/// sequence could not say that, because a smaller number may commit later.
/// </summary>
internal sealed partial record FeedPosition(DateTimeOffset At, string Snapshot)
{
    public const int LengthMax = 4000;

    /// <summary>Whoever stays away longer reads everything anew.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public string Write() => string.Create(CultureInfo.InvariantCulture, $"{At.ToUnixTimeSeconds()}.{Snapshot}");

    /// <summary>Null for anything that is no position, or one too old to go on from.</summary>
    public static FeedPosition? Read(string? text, DateTimeOffset now)
    {
        if (text is not { Length: > 0 and <= LengthMax } || Shape().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture));
        var xmin = ulong.Parse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        var xmax = ulong.Parse(match.Groups[3].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        var running = text[(text.LastIndexOf(':') + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(number => ulong.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture)).ToList();
        var sound = xmin > 0 && xmin <= xmax && at > now - Lifetime && at <= now + TimeSpan.FromMinutes(5)
            && running.TrueForAll(number => number >= xmin && number < xmax)
            && running.Zip(running.Skip(1)).All(pair => pair.First < pair.Second);
        return sound ? new FeedPosition(at, text[(text.IndexOf('.', StringComparison.Ordinal) + 1)..]) : null;
    }

    /// <summary>Whether the other position can be behind this one; if not, it belongs to a database that is no more.</summary>
    public bool IsAtLeast(FeedPosition other) => End >= other.End;

    private ulong End => ulong.Parse(Snapshot.Split(':')[1], NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\A(\d{1,11})\.(\d{1,18}):(\d{1,18}):(\d{1,18}(,\d{1,18})*)?\z")]
    private static partial Regex Shape();
}
