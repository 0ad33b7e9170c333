using System.Globalization;

namespace Slipway.Telemetry.Metrics.Blocks;

/// <summary>What the folders and files of blocks are called.</summary>
internal static class BlockFolder
{
    /// <summary>A folder with this ending is no block yet, or no more; it goes at the next start.</summary>
    public const string Pending = ".pending";

    public static string PathOf(string blocks, long number) => Path.Combine(blocks, number.ToString("D10", CultureInfo.InvariantCulture));

    public static string IndexOf(string block) => Path.Combine(block, "index");

    public static string FileOf(string block, SampleFold fold) => Path.Combine(block, fold switch
    {
        SampleFold.None => "samples",
        SampleFold.Last => "last",
        SampleFold.Count => "count",
        SampleFold.Sum => "sum",
        SampleFold.Min => "min",
        SampleFold.Max => "max",
        _ => "rise",
    });

    /// <summary>The numbers of the blocks in a folder, oldest first.</summary>
    public static List<long> In(string blocks)
    {
        var numbers = new List<long>();
        foreach (var path in Directory.EnumerateDirectories(blocks))
        {
            if (long.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        return numbers;
    }

    /// <summary>Removes a folder, or renames it at least, so that a crash in the midst leaves no half block.</summary>
    public static void Remove(string path)
    {
        if (!Directory.Exists(path))
        {
            return;
        }

        if (!path.EndsWith(Pending, StringComparison.Ordinal))
        {
            Directory.Move(path, path + Pending);
            path += Pending;
        }

        Directory.Delete(path, recursive: true);
    }
}
