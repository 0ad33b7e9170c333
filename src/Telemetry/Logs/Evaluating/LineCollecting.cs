using System.Text;
using Slipway.Telemetry.Labels;
using Slipway.Telemetry.Logs.Language;
using Slipway.Telemetry.Logs.Pipeline;
using Slipway.Telemetry.Logs.Reading;
using Slipway.Telemetry.Logs.Segments;

namespace Slipway.Telemetry.Logs.Evaluating;

/// <summary>Keeps the first or the last lines that pass, as many as asked for. As soon as it has them, blocks that lie behind them need not be read.</summary>
internal sealed class LineCollecting(LineQuery lines, LogQuery query, LogQlOptions options) : ILineTaker
{
    private readonly LinePipeline _pipeline = new(lines.Stages);

    /// <summary>The line on top is the one that goes when a better one comes.</summary>
    private readonly PriorityQueue<LogLine, LineOrder> _kept = new(query.Backward
        ? Comparer<LineOrder>.Default
        : Comparer<LineOrder>.Create((left, right) => right.CompareTo(left)));

    private long _bytes;

    public bool Wants(long from, long to) =>
        _kept.Count < query.Limit || !_kept.TryPeek(out _, out var worst) || (query.Backward ? to >= worst.Nanoseconds : from <= worst.Nanoseconds);

    public void Take(LabelSet stream, in LineOrder order, ReadOnlySpan<byte> line, UInt128 trace)
    {
        var full = _kept.Count == query.Limit;
        if (full && _kept.TryPeek(out _, out var worst) && (query.Backward ? order.CompareTo(worst) < 0 : order.CompareTo(worst) > 0))
        {
            return;
        }

        var passing = new PassingLine(line, _pipeline.Labels);
        if (!_pipeline.Pass(stream, ref passing))
        {
            return;
        }

        if (full)
        {
            _bytes -= _kept.Dequeue().Line.Length;
        }

        var text = Encoding.UTF8.GetString(passing.Text);
        _kept.Enqueue(new LogLine(_pipeline.Labels.Build(), order.Nanoseconds, text, TraceDigits.Text(trace)), order);
        _bytes += text.Length;
        if (_bytes > options.AnswerBytesMax)
        {
            throw new QueryStoppedException(SeriesBounds.TooLarge($"the answer is larger than {options.AnswerBytesMax >> 20} MiB; ask for fewer lines"));
        }
    }

    public List<LogLine> Result()
    {
        var result = new List<LogLine>(_kept.Count);
        while (_kept.TryDequeue(out var line, out _))
        {
            result.Add(line);
        }

        result.Reverse();
        return result;
    }
}
