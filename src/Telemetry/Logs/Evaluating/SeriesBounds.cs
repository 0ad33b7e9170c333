using System.Globalization;
using Slipway.Model.Failures;
using Slipway.Telemetry.Logs.Reading;

namespace Slipway.Telemetry.Logs.Evaluating;

internal static class SeriesBounds
{
    public static void Check(int series, int steps, LogQlOptions options)
    {
        if (series > options.SeriesMax || (long)series * steps > options.CellsMax)
        {
            throw new QueryStoppedException(TooLarge(string.Create(
                CultureInfo.InvariantCulture,
                $"the query comes to more than {Math.Min(options.SeriesMax, Math.Max(1, options.CellsMax / steps))} series; take a sum by fewer labels, or a larger step")));
        }
    }

    public static Failure TooLarge(string detail) => new(FailureKind.Exhausted, "query-too-large", detail);
}
