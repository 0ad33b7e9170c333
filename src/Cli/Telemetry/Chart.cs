using System.Globalization;

namespace Slipway.Cli.Telemetry;

/// <summary>A series as a few lines of blocks, with its highest and lowest value beside it and the time below. Pure.</summary>
internal static class Chart
{
    private const int Rows = 6;
    private const int Steps = 8;
    private const string Blocks = " ▁▂▃▄▅▆▇█";

    /// <param name="from">Seconds since 1970, as in the points.</param>
    public static IReadOnlyList<string> Lines(IReadOnlyList<(double At, double Value)> points, double from, double to, int width)
    {
        var columns = new double?[width];
        foreach (var (at, value) in points)
        {
            var column = to > from ? (int)((at - from) / (to - from) * (width - 1) + 0.5) : 0;
            if (double.IsFinite(value) && column >= 0 && column < width)
            {
                // The highest of a column: a short peak is what people look for.
                columns[column] = columns[column] is { } other ? Math.Max(other, value) : value;
            }
        }

        var values = columns.OfType<double>().ToList();
        if (values.Count == 0)
        {
            return ["(no finite values)"];
        }

        var (low, high) = (Math.Min(0, values.Min()), values.Max());
        var labels = Enumerable.Range(0, Rows).Select(row => row switch { 0 => Figures.Text(high), Rows - 1 => Figures.Text(low), _ => "" }).ToArray();
        var margin = labels.Max(label => label.Length);
        var lines = new List<string>();
        for (var row = 0; row < Rows; row++)
        {
            var text = columns.Select(value => BlockOf(value, low, high, Rows - 1 - row)).ToArray();
            lines.Add($"{labels[row].PadLeft(margin)} ┤{new string(text)}".TrimEnd());
        }

        var (first, last) = (Clock(from), Clock(to));
        lines.Add($"{new string(' ', margin)} └{new string('─', width)}");
        lines.Add($"{new string(' ', margin)}  {first}{new string(' ', Math.Max(1, width - first.Length - last.Length))}{last}");
        return lines;
    }

    private static char BlockOf(double? value, double low, double high, int rowFromBelow)
    {
        if (value is not { } number)
        {
            return ' ';
        }

        var height = high > low ? (number - low) / (high - low) * Rows * Steps : number > 0 ? Rows * Steps : 0;
        // What is there shows, however little it is.
        var steps = Math.Max(height, rowFromBelow == 0 ? 1 : 0) - rowFromBelow * Steps;
        return Blocks[(int)Math.Clamp(Math.Round(steps), 0, Steps)];
    }

    private static string Clock(double seconds) => DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000)).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
