using Slipway.Telemetry.PromQl.Syntax;

namespace Slipway.Telemetry.PromQl.Evaluation;

/// <summary>The stretch of time a selector looks at for each step; both ends belong to it, and it never moves back.</summary>
internal sealed class Windows
{
    private readonly long _offset;
    private readonly long? _pinned;

    public Windows(StepGrid grid, Placement placement, long range, long queryStart, long queryEnd)
    {
        Grid = grid;
        Range = range;
        _offset = placement.Offset;
        _pinned = placement.Pin switch
        {
            PinKind.Time => placement.At,
            PinKind.Start => queryStart,
            PinKind.End => queryEnd,
            _ => null,
        };
    }

    public StepGrid Grid { get; }

    public long Range { get; }

    /// <summary>All windows are the same one.</summary>
    public bool Pinned => _pinned is not null;

    public long To(int step) => (_pinned ?? Grid.At(step)) - _offset;

    public long From(int step) => To(step) - Range;
}
