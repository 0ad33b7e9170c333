using System.Globalization;
using System.Text;

namespace Slipway.Control.Jobs;

/// <summary>A set of task indexes as text: <c>0-4,7</c>. It is what keeps a done task from running again.</summary>
internal static class CompletedIndexes
{
    public static SortedSet<int> Parse(string? text)
    {
        var indexes = new SortedSet<int>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            var low = int.Parse(dash < 0 ? part : part[..dash], NumberStyles.None, CultureInfo.InvariantCulture);
            var high = dash < 0 ? low : int.Parse(part[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture);
            for (var index = low; index <= high; index++)
            {
                indexes.Add(index);
            }
        }

        return indexes;
    }

    public static string? Format(SortedSet<int> indexes)
    {
        var text = new StringBuilder();
        int? start = null;
        var last = 0;
        void Close()
        {
            if (start is { } first)
            {
                text.Append(text.Length > 0 ? "," : "").Append(first == last ? $"{first}" : $"{first}-{last}");
            }
        }

        foreach (var index in indexes)
        {
            if (start is null || index != last + 1)
            {
                Close();
                start = index;
            }

            last = index;
        }

        Close();
        return text.Length == 0 ? null : text.ToString();
    }
}
