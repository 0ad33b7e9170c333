using System.Globalization;

namespace Todo.Language.Tests.Evaluation;

/// <summary>Counts of one label; a label's own precision, recall and F1 follow from them.</summary>
internal sealed class Scores(string task)
{
    private readonly SortedDictionary<string, (int Right, int Wrong, int Missed)> _labels = new(StringComparer.Ordinal);

    public int Mistakes { get; private set; }

    public double F1 => Measures(Total).F1;

    /// <summary>Every label counts the same, however rare it is.</summary>
    public double MacroF1 => _labels.Count == 0 ? 0 : _labels.Values.Average(label => Measures(label).F1);

    private (int Right, int Wrong, int Missed) Total =>
        (_labels.Values.Sum(label => label.Right), _labels.Values.Sum(label => label.Wrong), _labels.Values.Sum(label => label.Missed));

    /// <summary>One answer per item: a wrong one is wrong for its label and missed for the right label.</summary>
    public bool Single(string expected, string actual)
    {
        if (expected == actual)
        {
            Add(expected, 1, 0, 0);
            return true;
        }

        Mistakes++;
        Add(actual, 0, 1, 0);
        Add(expected, 0, 0, 1);
        return false;
    }

    /// <summary>Any number of answers per item, each "label:value".</summary>
    public bool Several(IReadOnlyCollection<string> expected, IReadOnlyCollection<string> actual)
    {
        foreach (var answer in expected.Union(actual))
        {
            Add(answer[..answer.IndexOf(':', StringComparison.Ordinal)], expected.Contains(answer) && actual.Contains(answer) ? 1 : 0, expected.Contains(answer) ? 0 : 1, actual.Contains(answer) ? 0 : 1);
        }

        return expected.ToHashSet().SetEquals(actual);
    }

    public string Report()
    {
        var lines = _labels.Select(label => Line("  " + label.Key, label.Value)).Prepend(Line(task, Total));
        return string.Join('\n', lines) + string.Create(CultureInfo.InvariantCulture, $"\n  macro F1 {MacroF1:0.000}");
    }

    private void Add(string label, int right, int wrong, int missed)
    {
        var counts = _labels.GetValueOrDefault(label);
        _labels[label] = (counts.Right + right, counts.Wrong + wrong, counts.Missed + missed);
    }

    private static (double Precision, double Recall, double F1) Measures((int Right, int Wrong, int Missed) counts)
    {
        var precision = counts.Right == 0 ? 0 : (double)counts.Right / (counts.Right + counts.Wrong);
        var recall = counts.Right == 0 ? 0 : (double)counts.Right / (counts.Right + counts.Missed);
        return (precision, recall, precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall));
    }

    private static string Line(string name, (int Right, int Wrong, int Missed) counts)
    {
        var (precision, recall, f1) = Measures(counts);
        return string.Create(CultureInfo.InvariantCulture, $"{name,-22} precision {precision:0.000}  recall {recall:0.000}  F1 {f1:0.000}  ({counts.Right + counts.Missed})");
    }
}
