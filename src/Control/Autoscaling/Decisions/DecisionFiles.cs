using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Slipway.Control.Autoscaling.Decisions;

/// <summary>One file of JSON lines per day. Old days are deleted, a full day is not written any further.</summary>
internal sealed class DecisionFiles(DecisionLogSettings settings, TimeProvider time, ILogger logger)
{
    private const string Prefix = "decisions-";
    private const string Suffix = ".jsonl";

    private string? _full;
    private string? _day;

    public void Append(IReadOnlyList<ScalingDecision> decisions)
    {
        if (decisions.Count == 0)
        {
            return;
        }

        var day = time.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        try
        {
            Directory.CreateDirectory(settings.Folder!);
            if (_day != day)
            {
                _day = day;
                RemoveOld(PathOf(day));
            }

            using var file = new FileStream(PathOf(day), FileMode.Append, FileAccess.Write, FileShare.Read);
            foreach (var decision in decisions)
            {
                if (file.Position >= settings.BytesPerDay)
                {
                    SayFull(day);
                    return;
                }

                JsonSerializer.Serialize(file, decision, DecisionJson.Default.ScalingDecision);
                file.WriteByte((byte)'\n');
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Explaining is a service, scaling is the duty: a full disk must not stop the latter.
            logger.HistoryUnwritable(settings.Folder!, failure.Message);
        }
    }

    /// <summary>The lines of the two newest days, oldest first. Half a line at the end of a file is what a crash leaves; it is skipped.</summary>
    public static IEnumerable<ScalingDecision> ReadRecent(string folder, long bytesPerDay)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        var days = Directory.GetFiles(folder, Prefix + "*" + Suffix).Order(StringComparer.Ordinal).TakeLast(2);
        foreach (var path in days)
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            if (file.Length > bytesPerDay * 2)
            {
                continue;
            }

            using var reader = new StreamReader(file);
            while (reader.ReadLine() is { } line)
            {
                if (Parse(line) is { } decision)
                {
                    yield return decision;
                }
            }
        }
    }

    private static ScalingDecision? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, DecisionJson.Default.ScalingDecision);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void RemoveOld(string today)
    {
        var earlier = Directory.GetFiles(settings.Folder!, Prefix + "*" + Suffix).Where(path => path != today).OrderDescending(StringComparer.Ordinal);
        foreach (var path in earlier.Skip(settings.DaysKept - 1))
        {
            File.Delete(path);
        }
    }

    private void SayFull(string day)
    {
        if (_full != day)
        {
            _full = day;
            logger.HistoryFull(PathOf(day), settings.BytesPerDay);
        }
    }

    private string PathOf(string day) => Path.Combine(settings.Folder!, Prefix + day + Suffix);
}
