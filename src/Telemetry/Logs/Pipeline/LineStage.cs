using Slipway.Telemetry.Logs.Reading;

namespace Slipway.Telemetry.Logs.Pipeline;

/// <summary>A line on its way through the stages.</summary>
internal ref struct PassingLine(ReadOnlySpan<byte> text, LineLabels labels)
{
    public ReadOnlySpan<byte> Text { get; set; } = text;

    public LineLabels Labels { get; } = labels;
}

/// <summary>One step of a pipeline. Stages keep nothing between lines, so that a query can be used by many at a time.</summary>
internal abstract class LineStage
{
    /// <summary>Looks only at labels of the stream and at the line, so that it may come before more costly ones.</summary>
    public virtual bool ChangesText => false;

    /// <summary>What every line that gets through has in its text, if anything is certain.</summary>
    public virtual NeededText? Needed => null;

    /// <summary>Names of labels it looks at; null if it could be all.</summary>
    public virtual IEnumerable<string>? Reads => [];

    /// <returns>Whether the line goes on.</returns>
    public abstract bool Pass(ref PassingLine line);
}
