namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>Parts of a date in UTC, of seconds since 1970.</summary>
internal static class CalendarFunctions
{
    private const double First = -62_135_596_800;
    private const double Last = 253_402_300_799;

    public static Func<double, double>? Find(string name) => name switch
    {
        "minute" => seconds => Part(seconds, date => date.Minute),
        "hour" => seconds => Part(seconds, date => date.Hour),
        "day_of_week" => seconds => Part(seconds, date => (int)date.DayOfWeek),
        "day_of_month" => seconds => Part(seconds, date => date.Day),
        "day_of_year" => seconds => Part(seconds, date => date.DayOfYear),
        "days_in_month" => seconds => Part(seconds, date => DateTime.DaysInMonth(date.Year, date.Month)),
        "month" => seconds => Part(seconds, date => date.Month),
        "year" => seconds => Part(seconds, date => date.Year),
        _ => null,
    };

    /// <summary>What lies outside of the calendar has no date.</summary>
    private static double Part(double seconds, Func<DateTime, int> part) =>
        seconds is >= First and <= Last ? part(DateTime.UnixEpoch.AddSeconds(Math.Truncate(seconds))) : double.NaN;
}
