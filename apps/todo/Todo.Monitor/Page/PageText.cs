using System.Globalization;

namespace Todo.Monitor.Page;

/// <summary>The words of the status page in one language.</summary>
internal sealed record PageText
{
    public required string Language { get; init; }

    public required string Title { get; init; }

    public required string SkipToContent { get; init; }

    public required IReadOnlyDictionary<string, string> Overall { get; init; }

    public required IReadOnlyDictionary<string, string> Status { get; init; }

    public required string CheckedAt { get; init; }

    public required string NeverChecked { get; init; }

    public required string Refresh { get; init; }

    public required string Services { get; init; }

    public required string Uptime24h { get; init; }

    public required string Uptime30d { get; init; }

    public required string Latency { get; init; }

    public required string Unknown { get; init; }

    public required string LastHour { get; init; }

    public required string LastMonth { get; init; }

    /// <summary>{0} minutes up, {1} down, {2} asleep, {3} without data.</summary>
    public required string HourSummary { get; init; }

    /// <summary>{0} days without trouble, {1} with some, {2} with much, {3} without data.</summary>
    public required string MonthSummary { get; init; }

    public required string AsTable { get; init; }

    public required string Time { get; init; }

    public required string Day { get; init; }

    public required string StatusHeading { get; init; }

    public required string ErrorHeading { get; init; }

    public required string Incidents { get; init; }

    public required string NoIncidents { get; init; }

    public required string Ongoing { get; init; }

    public required string Began { get; init; }

    public required string Ended { get; init; }

    public required string Cause { get; init; }

    public required string Service { get; init; }

    public required string Legend { get; init; }

    public required string UtcNote { get; init; }

    public required string AsData { get; init; }

    public required string OtherLanguage { get; init; }

    public required string OtherLanguageName { get; init; }

    public required string Available { get; init; }

    /// <summary>What probes say, in the page's language; what is not listed is shown as it is.</summary>
    public required IReadOnlyDictionary<string, string> Seen { get; init; }

    /// <summary>{0} seconds.</summary>
    public required string NoAnswerWithin { get; init; }

    /// <summary>Between whole and fraction.</summary>
    public required string DecimalSign { get; init; }

    public string Percent(double? value)
    {
        if (value is not { } known)
        {
            return Unknown;
        }

        // Never rounded up to a perfect score.
        var shown = known is < 100 and > 99.99 ? 99.99 : Math.Round(known, 2);
        return shown.ToString("0.##", CultureInfo.InvariantCulture).Replace(".", DecimalSign, StringComparison.Ordinal) + " %";
    }

    public string Error(string? seen)
    {
        const string Prefix = "no answer within ";
        return seen switch
        {
            null => "",
            _ when Seen.TryGetValue(seen, out var words) => words,
            _ when seen.StartsWith(Prefix, StringComparison.Ordinal) && seen.EndsWith(" s", StringComparison.Ordinal) =>
                string.Format(CultureInfo.InvariantCulture, NoAnswerWithin, seen[Prefix.Length..^2].Replace(".", DecimalSign, StringComparison.Ordinal)),
            _ => seen,
        };
    }

    public string Milliseconds(int? value) => value is { } known ? known.ToString(CultureInfo.InvariantCulture) + " ms" : Unknown;

    /// <summary>The first language of the header that is known; English without one.</summary>
    public static PageText For(string? asked, string? acceptLanguage)
    {
        if (asked is "de" or "en")
        {
            return asked == "de" ? PageTexts.German : PageTexts.English;
        }

        var best = (Quality: 0.0, Text: PageTexts.English);
        foreach (var part in (acceptLanguage ?? "").Split(',').Take(20))
        {
            var pieces = part.Split(';');
            var tag = pieces[0].Trim();
            var quality = 1.0;
            if (pieces.Length > 1 && pieces[1].Trim() is { Length: > 2 } weight && weight.StartsWith("q=", StringComparison.Ordinal))
            {
                quality = double.TryParse(weight.AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var given) ? given : 0;
            }

            var text = tag.StartsWith("de", StringComparison.OrdinalIgnoreCase) ? PageTexts.German : tag.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? PageTexts.English : null;
            if (text is not null && quality > best.Quality)
            {
                best = (quality, text);
            }
        }

        return best.Text;
    }
}
