using System.Globalization;
using System.Runtime.CompilerServices;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs;

namespace Slipway.Telemetry.Collecting;

/// <summary>A line as the runtime stamped it when it noticed it.</summary>
public readonly record struct InstanceLine(DateTimeOffset At, bool IsError, string Text);

/// <summary>
/// What one instance writes. Many lines may have the same stamp, so a position is the stamp and how many lines of it were
/// taken; the same number keeps the lines of one stamp in their order.
/// </summary>
/// <param name="hasEnded">Whether the instance is over.</param>
/// <param name="read">All lines from a moment on, those of that very moment among them, and those that come until the instance ends.</param>
public sealed class InstanceLogSource(
    string @namespace, string service, string revision, string instance, Func<bool> hasEnded, Func<DateTimeOffset?, CancellationToken, IAsyncEnumerable<InstanceLine>> read)
    : LogSource($"instance/{instance}")
{
    private readonly Dictionary<(string Stream, string Level), LabelSet> _streams = [];

    public override bool HasEnded => hasEnded();

    public override async IAsyncEnumerable<SourceLine> ReadAsync(string? position, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (stamp, taken) = Parse(position);
        var skip = taken;
        var (last, count) = (stamp, 0L);
        await foreach (var line in read(stamp, cancellation).ConfigureAwait(false))
        {
            (last, count) = line.At == last ? (last, count + 1) : (line.At, 1);
            if (line.At == stamp && skip > 0)
            {
                skip--;
                continue;
            }

            yield return new SourceLine(line.At, line.IsError ? "stderr" : "stdout", line.Text, Format(line.At, count));
        }
    }

    public override LogRecord Describe(SourceLine line)
    {
        var fields = LineFields.Of(line.Text);
        if (!_streams.TryGetValue((line.Stream, fields.Level), out var labels))
        {
            labels = LabelSet.Of(
                ("namespace", @namespace), ("service", service), ("revision", revision), ("instance", instance), ("stream", line.Stream), ("level", fields.Level));
            _streams[(line.Stream, fields.Level)] = labels;
        }

        var (_, count) = Parse(line.Position);
        // Stamps are microseconds; what is below them keeps the lines of one stamp apart and in order.
        return new LogRecord(labels, Nanoseconds(line.At) + Math.Clamp(count - 1, 0, 999), line.Text, fields.TraceId);
    }

    internal static long Nanoseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks * 100;

    private static string Format(DateTimeOffset at, long count) =>
        string.Create(CultureInfo.InvariantCulture, $"{(at - DateTimeOffset.UnixEpoch).Ticks}:{count}");

    private static (DateTimeOffset? At, long Count) Parse(string? position) =>
        position?.Split(':') is [var ticks, var count]
        && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (DateTimeOffset.UnixEpoch.AddTicks(at), number)
            : (null, 0);
}
