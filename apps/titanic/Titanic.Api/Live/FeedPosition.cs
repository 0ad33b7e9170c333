using System.Globalization;
using System.Text.RegularExpressions;

namespace Titanic.Api.Live;

/// <summary>
/// Where a reader is: what a moment's snapshot of the database showed, and when that was. Numbers would not do, because of two changes the one
/// with the higher number may be committed first.
/// </summary>
internal sealed partial record FeedPosition(DateTimeOffset At, string Snapshot)
{
    /// <summary>Changes are kept longer than that.</summary>
    private static readonly TimeSpan s_good = TimeSpan.FromHours(24);

    public string Text => string.Create(CultureInfo.InvariantCulture, $"{At.ToUnixTimeSeconds()}.{Snapshot}");

    /// <summary>Null for what is no position, or one too old to go on from.</summary>
    public static FeedPosition? Read(string? text, DateTimeOffset now)
    {
        if (text is null || !Form().IsMatch(text))
        {
            return null;
        }

        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var seconds = long.Parse(text.AsSpan(0, dot), CultureInfo.InvariantCulture);
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return at > now.AddMinutes(5) || now - at > s_good ? null : new FeedPosition(at, text[(dot + 1)..]);
    }

    [GeneratedRegex(@"^\d{1,11}\.\d{1,18}:\d{1,18}:(\d{1,18}(,\d{1,18}){0,5})?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
